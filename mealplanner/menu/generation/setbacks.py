"""What keeps a model from writing dishes: what people are told, and whether it is worth waiting. Pure.

People are told the true cause, what it means for their menu, and what to do next, in words of our own: addresses,
variables and what a server said stand in the log, for the operator.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.dishes.writing import NoIdeas
from mealplanner.llm.outcomes import Failure, Outcome, RetryLater, Transient
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.spending.errors import BudgetSpent

USUAL_WAIT: Final = 5.0
"""Seconds to wait for a server that does not say how long it will be away."""

LONGEST_WAIT: Final = 120.0
"""Seconds; beyond that a menu of dishes that exist is better than waiting."""

_GROWTH: Final = 4.0
"""By how much the wait grows with each attempt at the job."""

LATER: Final = "To try the model again, make another menu in a few minutes."
AGAIN: Final = "To try the model again, make another menu."
OPERATOR: Final = "Only the operator of this installation can change that; the log of its worker says how."

_CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "busy": ("The model has too many requests at the moment.", LATER),
    "loading": ("The model is still being loaded by its server.", LATER),
    "unreachable": ("The model's server could not be reached.", LATER),
    "broken_off": ("The connection to the model's server broke off before the answer was complete.", LATER),
    "server_error": ("The model's server reported an error.", LATER),
    "unavailable": ("The model's server takes no questions at the moment.", LATER),
    "too_slow": ("The model did not answer in time.", LATER),
    "crowded": ("The model was busy with other questions for too long.", LATER),
    "empty": ("The model sent an empty answer.", AGAIN),
    "unreadable": ("The model answered, but its answer could not be read.", AGAIN),
    "unexpected": ("The model answered with something other than dishes.", AGAIN),
    "rejected": ("The model's server rejected the question.", AGAIN),
    "declined": ("The model declined to propose dishes.", AGAIN),
    "withheld": ("A content filter withheld the model's answer.", AGAIN),
    "cut_off": ("The model's answer was too long and was cut off.", AGAIN),
    "key": ("The model's server does not let this installation in: its key is missing or wrong.", OPERATOR),
    "permission": ("The model's server does not allow this installation to use the model.", OPERATOR),
    "credit": ("The account that pays for the model has no credit left.", OPERATOR),
    "model": ("The model's server does not know the model that is set up.", OPERATOR),
    "address": ("There is no model at the address that is set up.", OPERATOR),
    "certificate": ("The certificate of the model's server is not trusted.", OPERATOR),
    "context": ("The question is longer than the model can read.", OPERATOR),
    "limit_field": ("The model's server does not accept how the length of an answer is limited.", OPERATOR),
    "incompatible": ("The model's server does not understand the questions of this installation.", OPERATOR),
}
"""Cause of a failure -> what happened, and what to do next."""

NO_MODEL: Final = "No model is set up on this installation."
NO_IDEAS: Final = "The model proposed no dishes."
NO_USABLE_IDEAS: Final = (
    "None of the dishes that the model proposed could be used: they did not fit your preferences, were eaten lately, "
    "or had names that cannot be shown."
)
FAILED_TOO_OFTEN: Final = "The model has failed several times in a row, so it is not asked for a minute."
INTERRUPTED: Final = "The making of this menu was interrupted."
TOO_LATE: Final[Mapping[str, str]] = {
    "too_slow": "The model took too long to write it.",
    "crowded": "The model was busy with other questions for too long.",
}
"""Cause of a missed deadline -> why a dish was left out."""

_EXISTING: Final = "No new dish was written for this menu, so it uses dishes that exist already."


@dataclass(frozen=True, slots=True)
class Setback:
    """Sentences for people: `why` says what happened, `next` what to do. `wait`, in seconds, is None where waiting
    would not help."""

    why: str
    next: str = ""
    wait: float | None = None

    @property
    def worth_waiting(self) -> bool:
        """Whether the job should be put off rather than go on without the model."""
        return self.wait is not None and self.wait <= LONGEST_WAIT

    def wait_after(self, attempt: int) -> float:
        """Return the seconds to wait after `attempt`, from 1: first as the server asks, then longer each time.

        A model may take minutes to load, and few attempts have to last for them.
        """
        return min((self.wait or 0.0) * _GROWTH ** (attempt - 1), LONGEST_WAIT)


def setback(outcome: Outcome | NoIdeas) -> Setback:
    """Return what a call that brought nothing means for the menu."""
    if isinstance(outcome, NoIdeas):
        return Setback(NO_USABLE_IDEAS if outcome.proposed else NO_IDEAS, AGAIN)
    assert isinstance(outcome, Failure)
    wait = outcome.after if isinstance(outcome, RetryLater | Transient) else None
    if isinstance(outcome, Transient) and wait is None:
        wait = USUAL_WAIT
    why, then = _CAUSES[outcome.cause]
    if wait is not None and wait > LONGEST_WAIT:
        then = f"To try the model again, make another menu in {math.ceil(wait / 60)} minutes."
    return Setback(why, then, wait)


def not_asked(error: BudgetSpent | CircuitOpen) -> Setback:
    """Return why the model was not even asked."""
    return Setback(str(error)) if isinstance(error, BudgetSpent) else Setback(FAILED_TOO_OFTEN, LATER)


def no_model() -> tuple[str, ...]:
    """Return what the page of a menu says that was to have new dishes where no model is set up."""
    return (_without_dishes(Setback(NO_MODEL, "The operator of this installation can set one up.")),)


def notices(proposed: Sequence[Proposed], met: Setback | None) -> tuple[str, ...]:
    """Return what the menu's page says of dishes that the model was to write and did not."""
    if not proposed:
        return (_without_dishes(met or Setback(INTERRUPTED, AGAIN)),)
    lost = [one for one in proposed if one.recipe_id is None]
    if not lost:
        return ()
    come = "comes" if len(lost) == 1 else "come"
    listed = [f"{len(lost)} of the {len(proposed)} dishes that the model proposed {come} from the catalogue instead."]
    listed += [f"“{one.idea.title}” was left out. {one.dropped}" for one in lost if one.dropped]
    if missing := sum(one.open for one in lost):
        met = met or Setback(INTERRUPTED, AGAIN)
        listed.append(_sentences(met.why, f"Not written because of that: {missing}.", met.next))
    return tuple(listed)


def _without_dishes(met: Setback) -> str:
    return _sentences(met.why, _EXISTING, met.next)


def _sentences(*some: str) -> str:
    return " ".join(filter(None, some))

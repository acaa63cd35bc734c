"""What keeps a model from writing dishes: in words for people, and whether it is worth waiting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.outcomes import ConfigProblem, DeadlineExceeded, Outcome, Refused, RetryLater, Transient
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.spending.errors import BudgetSpent

NO_MODEL: Final = "No model is set up on this installation. No new dish was written for this menu."

PATIENCE: Final = 5.0
"""Seconds to wait for a server that does not say how long it will be away."""

LONGEST_WAIT: Final = 120.0
"""Seconds; whoever is asked to wait longer for a menu would rather have one from the catalogue."""

NOT_WRITTEN: Final = "The making of this menu was interrupted."
TOO_SLOW: Final = "The model took too long to write it."


@dataclass(frozen=True, slots=True)
class Setback:
    """`why` is a sentence for people; `wait`, in seconds, is None where waiting would not help."""

    why: str
    wait: float | None = None

    @property
    def worth_waiting(self) -> bool:
        """Whether the job should be put off rather than go on without the model."""
        return self.wait is not None and self.wait <= LONGEST_WAIT


def setback(outcome: Outcome) -> Setback:
    """What a call that brought nothing means for the menu."""
    match outcome:
        case RetryLater(after=after):
            return Setback("The model has too much to do at the moment.", after)
        case Transient(after=after):
            return Setback("The model could not be reached.", PATIENCE if after is None else after)
        case ConfigProblem(remedy=remedy):
            return Setback(f"The model cannot be used until the operator of this installation acts: {remedy}")
        case DeadlineExceeded():
            return Setback("The model took too long to answer.")
        case Refused():
            return Setback("The model declined to propose dishes.")
    return Setback("The model's answer could not be read.")


def left_alone(error: BudgetSpent | CircuitOpen) -> Setback:
    """Why the model was not even asked."""
    if isinstance(error, BudgetSpent):
        return Setback(str(error))
    return Setback("The model has failed several times in a row and is left alone for a moment.")


def notices(proposed: Sequence[Proposed], met: Setback | None) -> tuple[str, ...]:
    """What the menu's page says of dishes that the model was to write and did not."""
    if not proposed:
        why = met.why if met else "The model had no ideas that suit you."
        return (f"{why} No new dish was written for this menu.",)
    lost = [one for one in proposed if one.recipe_id is None]
    if not lost:
        return ()
    come = "comes" if len(lost) == 1 else "come"
    listed = [f"{len(lost)} of the {len(proposed)} dishes that the model proposed {come} from the catalogue instead."]
    listed += [f"“{one.idea.title}” was left out. {one.dropped}" for one in lost if one.dropped]
    if missing := sum(one.open for one in lost):
        listed.append(f"{met.why if met else NOT_WRITTEN} Not written because of that: {missing}.")
    return tuple(listed)

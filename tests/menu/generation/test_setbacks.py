"""What a model that does not deliver means for a menu, and what people are told about it."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any, get_args, get_type_hints

import pytest

from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.dishes.ideas import Idea
from mealplanner.llm.dishes.writing import NoIdeas
from mealplanner.llm.outcomes import (
    BadOutput,
    ConfigProblem,
    DeadlineExceeded,
    Failure,
    Outcome,
    Refused,
    RetryLater,
    Transient,
    Truncated,
)
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.generation.setbacks import (
    AGAIN,
    LATER,
    LONGEST_WAIT,
    OPERATOR,
    USUAL_WAIT,
    Setback,
    no_model,
    not_asked,
    notices,
    setback,
)
from mealplanner.spending.errors import BudgetSpent

COMMON: dict[str, Any] = {"why": "http://10.1.2.3:11434/v1/chat says no", "received": "10.1.2.3:11434"}
KINDS: list[type[Failure]] = [
    RetryLater, Transient, BadOutput, Refused, Truncated, ConfigProblem, DeadlineExceeded
]  # fmt: skip
NEEDED = {RetryLater: {"after": 20.0}, ConfigProblem: {"remedy": "Set OPENAI_BASE_URL to http://10.1.2.3:11434/v1."}}
CAUSES = [(kind, cause) for kind in KINDS for cause in get_args(get_type_hints(kind)["cause"])]


def proposed(position: int, **how: Any) -> Proposed:
    """Return a proposal by its place."""
    idea = Idea(kind="main", title=f"Dish {position}", cuisine="thai", main_protein="tofu")
    return Proposed(position=position, idea=idea, **how)


WRITTEN = [proposed(0, recipe_id=uuid.uuid4()), proposed(1, recipe_id=uuid.uuid4())]


SAID = {
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


@pytest.mark.parametrize(("kind", "cause"), CAUSES)
def test_the_cause_that_is_named_is_the_cause(kind: type[Failure], cause: str) -> None:
    """With what it means for the menu and what to do next, and with nothing that is for the operator alone."""
    met = setback(kind(cause=cause, **COMMON, **NEEDED.get(kind, {})))
    assert (met.why, met.next) == SAID[cause]
    (notice,) = notices([], met)
    assert (
        notice == f"{met.why} No new dish was written for this menu, so it uses dishes that exist already. {met.next}"
    )
    assert not re.search(r"://|\d|OPENAI|/v1", notice)


@pytest.mark.parametrize(
    ("outcome", "wait"),
    [
        (RetryLater(after=20, **COMMON), 20),
        (RetryLater(after=20, cause="loading", **COMMON), 20),
        (RetryLater(after=LONGEST_WAIT, **COMMON), LONGEST_WAIT),
        (Transient(after=None, **COMMON), USUAL_WAIT),
        (Transient(after=9, **COMMON), 9),
    ],
)
def test_a_server_that_will_be_back_is_waited_for(outcome: Outcome, wait: float) -> None:
    """As long as it asks, or a guess."""
    met = setback(outcome)
    assert (met.wait_after(1), met.worth_waiting) == (wait, True)


def test_a_model_that_takes_minutes_to_load_is_waited_for_in_few_attempts() -> None:
    """Each wait is longer than the one before, up to a limit."""
    met = setback(RetryLater(after=20, cause="loading", **COMMON))
    assert [met.wait_after(attempt) for attempt in (1, 2, 3)] == [20, 80, LONGEST_WAIT]


def test_a_server_that_is_away_for_longer_says_when_to_try_again() -> None:
    met = setback(RetryLater(after=3600, **COMMON))
    assert not met.worth_waiting
    assert met.next == "To try the model again, make another menu in 60 minutes."


@pytest.mark.parametrize(("kind", "cause"), [one for one in CAUSES if one[0] not in (RetryLater, Transient)])
def test_the_job_does_not_wait_where_that_would_not_help(kind: type[Failure], cause: str) -> None:
    """The menu uses dishes that exist instead."""
    assert not setback(kind(cause=cause, **COMMON, **NEEDED.get(kind, {}))).worth_waiting


@pytest.mark.parametrize(
    "error", [CircuitOpen(20), BudgetSpent("person", limit=1000, month=datetime.date(2026, 11, 1))]
)
def test_a_model_that_is_not_asked_is_not_waited_for(error: Any) -> None:
    """It may take until next month."""
    assert not not_asked(error).worth_waiting


def test_nothing_is_said_where_nothing_is_missing() -> None:
    """The page says already which dishes are whose."""
    assert notices(WRITTEN, None) == ()


def test_a_dropped_dish_is_named_with_the_reason() -> None:
    """After how many there are."""
    found = [*WRITTEN, proposed(2, dropped="The model declined to write this dish.")]
    assert notices(found, None) == (
        "1 of the 3 dishes that the model proposed comes from the catalogue instead.",
        "“Dish 2” was left out. The model declined to write this dish.",
    )


def test_dishes_that_were_never_written_are_counted_with_what_came_between() -> None:
    """Apart from those that were dropped."""
    found = [*WRITTEN, proposed(2, dropped="It took too long."), proposed(3), proposed(4)]
    assert notices(found, Setback("The budget is used up.", "Wait.")) == (
        "3 of the 5 dishes that the model proposed come from the catalogue instead.",
        "“Dish 2” was left out. It took too long.",
        "The budget is used up. Not written because of that: 2. Wait.",
    )


def test_dishes_of_an_interrupted_menu_were_not_written_because_of_that() -> None:
    assert notices([*WRITTEN, proposed(2)], None)[1] == (
        f"The making of this menu was interrupted. Not written because of that: 1. {AGAIN}"
    )


@pytest.mark.parametrize(
    ("proposed", "said"),
    [(0, "The model proposed no dishes."), (3, "None of the dishes that the model proposed could")],
)
def test_ideas_that_cannot_be_used_are_told_from_none(proposed: int, said: str) -> None:
    met = setback(NoIdeas(proposed=proposed))
    assert met.why.startswith(said)
    assert not met.worth_waiting


def test_an_installation_without_a_model_says_so() -> None:
    (notice,) = no_model()
    assert notice == (
        "No model is set up on this installation. No new dish was written for this menu, so it uses dishes that exist "
        "already. The operator of this installation can set one up."
    )

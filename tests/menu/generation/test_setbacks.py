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


NEXT = {
    LATER: {"busy", "loading", "unreachable", "broken_off", "server_error", "unavailable", "too_slow", "crowded"},
    AGAIN: {"empty", "unreadable", "unexpected", "rejected", "declined", "withheld", "cut_off"},
    OPERATOR: {
        "key",
        "permission",
        "credit",
        "model",
        "address",
        "certificate",
        "context",
        "limit_field",
        "incompatible",
    },
}
"""What to do next -> the causes after which that is said."""


def test_each_cause_is_named_in_words_of_its_own() -> None:
    told = {setback(kind(cause=cause, **COMMON, **NEEDED.get(kind, {}))).why for kind, cause in CAUSES}
    assert len(told) == len({cause for _, cause in CAUSES})


@pytest.mark.parametrize(("kind", "cause"), CAUSES)
def test_a_cause_is_told_with_what_to_do_next(kind: type[Failure], cause: str) -> None:
    """With what it means for the menu and what to do next, and with nothing that is for the operator alone."""
    met = setback(kind(cause=cause, **COMMON, **NEEDED.get(kind, {})))
    assert cause in NEXT[met.next]
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

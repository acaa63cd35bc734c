"""What a model that does not deliver means for a menu, and what people are told of it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest

from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.ideas import Idea
from mealplanner.llm.outcomes import (
    BadOutput,
    ConfigProblem,
    DeadlineExceeded,
    Outcome,
    Refused,
    RetryLater,
    Transient,
    Truncated,
)
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.generation.setbacks import LONGEST_WAIT, PATIENCE, Setback, left_alone, notices, setback
from mealplanner.spending.errors import BudgetSpent

COMMON: dict[str, Any] = {"why": "for the log", "sent": "", "received": "", "usage": None, "seconds": 0.0}


def proposed(position: int, **how: Any) -> Proposed:
    """A proposal by its place."""
    idea = Idea(kind="main", title=f"Dish {position}", cuisine="thai", main_protein="tofu")
    return Proposed(position=position, idea=idea, **how)


WRITTEN = [proposed(0, recipe_id=uuid.uuid4()), proposed(1, recipe_id=uuid.uuid4())]


@pytest.mark.parametrize(
    ("outcome", "wait"),
    [
        (RetryLater(after=20, **COMMON), 20),
        (RetryLater(after=LONGEST_WAIT, **COMMON), LONGEST_WAIT),
        (Transient(after=None, **COMMON), PATIENCE),
        (Transient(after=9, **COMMON), 9),
    ],
)
def test_a_server_that_will_be_back_is_waited_for(outcome: Outcome, wait: float) -> None:
    """As long as it says, or a guess."""
    met = setback(outcome)
    assert (met.wait, met.worth_waiting) == (wait, True)


@pytest.mark.parametrize(
    "outcome",
    [
        RetryLater(after=LONGEST_WAIT + 1, **COMMON),
        ConfigProblem(remedy="Set OPENAI_API_KEY.", **COMMON),
        DeadlineExceeded(**COMMON),
        Refused(**COMMON),
        BadOutput(**COMMON),
        Truncated(**COMMON),
    ],
)
def test_nobody_waits_where_it_would_not_help_or_take_too_long(outcome: Outcome) -> None:
    """The catalogue serves instead."""
    assert not setback(outcome).worth_waiting


def test_what_only_the_operator_can_mend_is_said() -> None:
    """In the words of the remedy."""
    assert "Set OPENAI_API_KEY." in setback(ConfigProblem(remedy="Set OPENAI_API_KEY.", **COMMON)).why


@pytest.mark.parametrize(
    "error", [CircuitOpen(20), BudgetSpent("person", limit=1000, month=datetime.date(2026, 11, 1))]
)
def test_a_model_that_is_not_asked_is_not_waited_for(error: Any) -> None:
    """It may take until next month."""
    assert not left_alone(error).worth_waiting


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
    assert notices(found, Setback("The budget is used up.")) == (
        "3 of the 5 dishes that the model proposed come from the catalogue instead.",
        "“Dish 2” was left out. It took too long.",
        "The budget is used up. Not written because of that: 2.",
    )


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (Setback("The model could not be reached."), "The model could not be reached."),
        (None, "The model had no ideas that suit you."),
    ],
)
def test_a_model_without_ideas_leaves_the_menu_to_the_catalogue(met: Setback | None, said: str) -> None:
    """And the page says why."""
    assert notices([], met) == (f"{said} No new dish was written for this menu.",)

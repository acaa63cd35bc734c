"""What a menu says of itself once its meals are others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.menu.editing.conftest import Plan
from tests.menu.editing.planned import Browser
from tests.visitor import Visitor

ADVICE = "Few dishes suit, so Tuesday is short on protein."


@pytest.fixture
def advised(person: Visitor, planned: Plan) -> Browser:
    """Return a menu with advice of the planner."""
    return planned(person, advice=[ADVICE])


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("swap", {}),
        ("move", {"date": "2026-11-25", "slot": "dinner"}),
        ("portion", {"portion": 3}),
        ("skip", {"energy": "reserved"}),
    ],
)
def test_advice_is_given_while_the_meals_are_those_it_is_about(
    advised: Browser, what: str, fields: dict[str, Any]
) -> None:
    """Not of others, but again once the edit is undone."""
    assert advised.menu["warnings"] == [ADVICE]
    assert advised.edit(advised.meal(1, "dinner"), what, **fields)["warnings"] == []
    assert ADVICE not in advised.visitor.get(f"/menu/{advised.id}").text
    assert advised.step("undo")["warnings"] == [ADVICE]
    assert advised.step("redo")["warnings"] == []


@pytest.mark.parametrize(
    ("what", "fields"),
    [("lock", {}), ("note", {"note": "late"}), ("eaten", {"eaten": "yes"}), ("portion", {"servings": 4})],
)
def test_advice_stands_whatever_else_is_said_of_a_meal(advised: Browser, what: str, fields: dict[str, Any]) -> None:
    assert advised.edit(advised.meal(1, "dinner"), what, **fields)["warnings"] == [ADVICE]

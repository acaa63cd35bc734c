"""What is cooked comes out of the larder with the tick, and goes back when the tick goes."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.food.catalogue import recipes_by_id
from tests.menu.editing.planned import Browser

DISHES = {str(recipe_id): dish for recipe_id, dish in recipes_by_id().items()}


@pytest.fixture
def food(week: Browser) -> str:
    """Return a food of Monday's dinner, of which a kilogram is there."""
    dinner = week.meal(0, "dinner")
    found: str = max(dinner["ingredients"], key=lambda item: item["grams"])["food"]
    assert week.visitor.post("/larder/", json={"food": found, "amount": "1 kg"}).status_code == 200
    return found


def there(week: Browser) -> float:
    """Return the grams in the larder."""
    items: list[dict[str, Any]] = week.visitor.get("/larder/", json=True).get_json()["items"]
    return sum(item["grams"] for item in items)


def wanted(week: Browser, food: str) -> float:
    """Return the grams of a food in Monday's dinner, for everyone who eats it."""
    dinner = week.meal(0, "dinner")
    grams: float = next(item["grams"] for item in dinner["ingredients"] if item["food"] == food)
    return grams


def cook(week: Browser, *, cooked: bool) -> None:
    assert week.send(week.meal(0, "dinner"), "cooked", cooked=cooked).status_code == 200
    week.look()


def test_a_tick_takes_out_what_the_meal_used_and_its_end_puts_it_back(week: Browser, food: str) -> None:
    cook(week, cooked=True)
    assert there(week) == pytest.approx(1000 - wanted(week, food), abs=0.01)
    cook(week, cooked=True)
    assert there(week) == pytest.approx(1000 - wanted(week, food), abs=0.01)
    cook(week, cooked=False)
    assert there(week) == 1000


def test_undoing_and_redoing_a_tick_moves_it_too(week: Browser, food: str) -> None:
    cook(week, cooked=True)
    week.visitor.post(f"/menu/{week.id}/undo", json={"version": week.menu["version"]})
    assert there(week) == 1000
    week.visitor.post(f"/menu/{week.id}/redo", json={})
    assert there(week) == pytest.approx(1000 - wanted(week, food), abs=0.01)


def test_forgetting_what_was_eaten_fills_no_larder(week: Browser, food: str) -> None:
    """What was cooked is gone, whether it is remembered or not."""
    cook(week, cooked=True)
    assert week.visitor.post("/history/forget", {}).status_code == 303
    assert there(week) == pytest.approx(1000 - wanted(week, food), abs=0.01)


@pytest.mark.usefixtures("food")
def test_a_person_may_keep_count_themselves(week: Browser) -> None:
    week.visitor.post("/larder/settings", {"subtract": "yes"})
    cook(week, cooked=True)
    assert there(week) == 1000


@pytest.mark.usefixtures("food")
def test_a_refused_tick_takes_nothing(week: Browser) -> None:
    """The tick and what it takes are one transaction."""
    dinner = week.meal(0, "dinner")
    week.send(dinner, "note", note="changed meanwhile")
    assert week.send(dinner, "cooked", cooked=True).status_code == 409
    assert there(week) == 1000

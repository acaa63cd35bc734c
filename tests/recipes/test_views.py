"""Looking at dishes."""

from __future__ import annotations

import uuid

import pytest

from mealplanner.db.database import Database
from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.recipes.services import store
from tests.visitor import Visitor

DISH = load_catalogue().recipes[0]


@pytest.fixture
def dish(database: Database) -> str:
    """The address of a dish of the catalogue that some menu served."""
    database.run(lambda session: store(session, [DISH]))
    return f"/recipes/{recipe_id(DISH)}"


def test_a_recipe_shows_its_ingredients_for_the_servings_asked(person: Visitor, dish: str) -> None:
    """From the menu to the kitchen."""
    one, three = (person.get(f"{dish}?servings={servings}", json=True).get_json() for servings in (1, 3))
    assert three["ingredients"][0]["grams"] == pytest.approx(3 * one["ingredients"][0]["grams"], abs=0.3)
    assert one["steps"][0] in person.get(dish).text
    assert person.get(f"{dish}?servings=lots").status_code == 422


@pytest.mark.parametrize("identifier", [str(uuid.UUID(int=7)), "not-a-uuid"])
def test_what_does_not_exist_is_not_found(person: Visitor, identifier: str) -> None:
    """Unknown and malformed ids alike."""
    assert person.get(f"/recipes/{identifier}").status_code == 404

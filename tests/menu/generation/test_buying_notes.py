"""Notes about what the food table cannot know."""

from __future__ import annotations

import pytest

from mealplanner.food.table import load_foods
from mealplanner.menu.generation.buying_notes import CERTIFIED, buying_notes
from mealplanner.planner.model import Ingredient, Recipe


def dish(*foods: str) -> Recipe:
    return Recipe(
        slug="dish",
        title="Dish",
        kinds=frozenset({"main"}),
        cuisine="international",
        main_protein="vegetables",
        minutes=10,
        appliances=frozenset(),
        ingredients=tuple(Ingredient(food_id=food, grams=50) for food in foods),
        steps=(),
    )


@pytest.mark.parametrize("rule", CERTIFIED)
def test_meat_by_a_religious_rule_needs_a_certificate(rule: str) -> None:
    """The menu says so if it has meat, and only then."""
    note = f"Buy the meat and poultry of this menu with a {rule} certificate."
    assert buying_notes(["vegan", rule], [dish("tofu-firm"), dish("chicken-thigh")], load_foods()) == [note]
    assert buying_notes([rule], [dish("tofu-firm")], load_foods()) == []
    assert buying_notes(["omnivore"], [dish("chicken-thigh")], load_foods()) == []


@pytest.mark.parametrize(
    ("foods", "named"),
    [
        (("cheddar-vegetarian",), "cheese"),
        (("quark-low-fat-vegetarian", "egg"), "cheese"),
        (("wine-red-vegan",), "wine, wine vinegar and grape juice"),
        (("wine-vinegar-red-vegan",), "wine, wine vinegar and grape juice"),
        (("balsamic-vinegar",), "wine, wine vinegar and grape juice"),
        (("grape-juice",), "wine, wine vinegar and grape juice"),
        (("cheddar-vegetarian", "lamb-leg"), "meat and poultry and cheese"),
    ],
)
def test_kosher_law_supervises_cheese_and_what_is_made_of_grapes_too(foods: tuple[str, ...], named: str) -> None:
    assert buying_notes(["kosher"], [dish(*foods)], load_foods()) == [
        f"Buy the {named} of this menu with a kosher certificate."
    ]
    assert buying_notes(["halal"], [dish("cheddar-vegetarian", "wine-vinegar-red-vegan")], load_foods()) == []


@pytest.mark.parametrize(
    "food", ["butter", "yogurt-whole", "grapes", "raisins", "grapeseed-oil", "cider-vinegar", "sake"]
)
def test_what_needs_no_supervision_is_not_named(food: str) -> None:
    assert buying_notes(["kosher"], [dish(food)], load_foods()) == []

"""Notes about what the food table cannot know."""

from __future__ import annotations

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.buying_notes import CERTIFIED, buying_notes
from mealplanner.planner.model import Recipe


def dish(main_protein: str) -> Recipe:
    return next(recipe for recipe in load_catalogue().recipes if recipe.main_protein == main_protein)


@pytest.mark.parametrize("rule", CERTIFIED)
def test_meat_by_a_religious_rule_needs_a_certificate(rule: str) -> None:
    """The menu says so if it has meat, and only then."""
    foods = load_catalogue().foods
    assert buying_notes(["vegan", rule], [dish("tofu"), dish("chicken")], foods) == [CERTIFIED[rule]]
    assert buying_notes([rule], [dish("tofu")], foods) == []
    assert buying_notes(["omnivore"], [dish("chicken")], foods) == []

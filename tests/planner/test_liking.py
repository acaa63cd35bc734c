"""What a dish costs by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mealplanner.planner.liking import own_points
from mealplanner.planner.model import NO_CUISINE, Nutrients, Recipe
from mealplanner.planner.pool import Dish
from mealplanner.planner.scoring import Scoring


@pytest.mark.parametrize(
    ("kind", "cuisine", "foreign"),
    [
        ("main", "thai", 0),
        ("main", "greek", 1),
        ("main", NO_CUISINE, 1),
        ("snack", "greek", 1),
        ("snack", NO_CUISINE, 0),
    ],
)
def test_a_snack_of_no_cuisine_goes_with_all_favourites(ask: Any, kind: str, cuisine: str, foreign: int) -> None:
    recipe = Recipe(
        slug="dish",
        title="A dish",
        kinds=frozenset({kind}),
        cuisine=cuisine,
        main_protein="nuts",
        minutes=5,
        appliances=frozenset(),
        ingredients=(),
        steps=(),
    )
    dish, request, scoring = Dish(recipe, Nutrients()), ask(), Scoring()

    def points(favourites: frozenset[str]) -> float:
        asked = replace(request, cuisines=favourites)
        return own_points(asked, dish, taste={dish.recipe.slug: 0.5}, days_ago=None, scoring=scoring)

    assert points(frozenset({"thai"})) - points(frozenset()) == foreign * scoring.cuisine[0]

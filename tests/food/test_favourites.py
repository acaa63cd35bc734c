"""Cuisines that are offered as favourites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.favourites import LEAST_MAINS, favourite_cuisines
from mealplanner.food.vocabulary import CUISINES
from mealplanner.planner.model import NO_CUISINE, Food, Ingredient, Recipe

VEGAN: Final = LEAST_MAINS["vegan"]
REST: Final = LEAST_MAINS["omnivore"] - VEGAN


def test_a_favourite_has_mains_enough_for_omnivores_and_for_vegans(
    make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]
) -> None:
    foods = {"oats": make_food(id="oats"), "milk": make_food(id="milk", contains=frozenset({"milk"}))}

    def mains(cuisine: str, food: str, count: int) -> list[Recipe]:
        only = (Ingredient(food_id=food, grams=100),)
        return [make_recipe(slug=f"{cuisine}-{food}-{n}", cuisine=cuisine, ingredients=only) for n in range(count)]

    recipes = [
        *mains("thai", "oats", VEGAN),
        *mains("thai", "milk", REST),
        *mains("greek", "oats", VEGAN - 1),
        *mains("greek", "milk", REST + 1),
        *mains("korean", "oats", VEGAN + REST - 1),
        *mains(NO_CUISINE, "oats", VEGAN + REST),
    ]
    assert favourite_cuisines(recipes, foods) == {"thai"}


def test_each_cuisine_of_the_catalogue_is_offered() -> None:
    catalogue = load_catalogue()
    assert CUISINES.keys() - favourite_cuisines(catalogue.recipes, catalogue.foods) == {NO_CUISINE}

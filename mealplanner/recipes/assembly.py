"""Recipes from the rows that `queries` reads. Pure.

Hundreds of dishes take milliseconds, so this is done after the transaction that read them, and not inside it.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.catalogue import recipe_id as id_of
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.model import Ingredient
from mealplanner.planner.model import Recipe as Dish
from mealplanner.planner.nutrition import total
from mealplanner.recipes.lines import ingredient_lines
from mealplanner.recipes.values import Dishes, Numbers, RatedRecipe, RecipeSummary, RecipeValue, source

RecipeRow = Row[*tuple[Any, ...]]
"""What `queries` reads of one recipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DishRows:
    """The rows of the dishes that a person owns or has rated."""

    own: Sequence[RecipeRow]
    rated: Sequence[RecipeRow]


def recipe_value(row: RecipeRow, *, servings: float = 1, units: Units = "metric") -> RecipeValue:
    """Return a recipe for `servings`."""
    numbers = total(_ingredients(row), load_foods())
    return RecipeValue(
        id=row.id,
        title=row.title,
        source=source(row.owner_id),
        cuisine=row.cuisine,
        main_protein=row.main_protein,
        minutes=row.minutes,
        appliances=tuple(row.appliances),
        servings=servings,
        numbers=Numbers(numbers.kcal, numbers.protein_g, numbers.carbohydrate_g, numbers.fat_g),
        ingredients=ingredient_lines(row.foods, row.grams, servings, units),
        steps=tuple(row.steps),
        rating=row.rating,
        retired=row.retired_at is not None,
    )


def dishes(rows: DishRows, *, units: Units = "metric") -> Dishes:
    """Return the person's own dishes, for one serving each, and those of the catalogue that they have rated."""
    return Dishes(own=tuple(recipe_value(row, units=units) for row in rows.own), rated=_rated(rows.rated))


def recipe_summary(row: RecipeRow, recipe_id: uuid.UUID) -> RecipeSummary:
    """Return what a meal or a list shows of a recipe."""
    return RecipeSummary(
        id=recipe_id, title=row.title, source=source(row.owner_id), minutes=row.minutes, cuisine=row.cuisine
    )


def planner_dishes(rows: Iterable[RecipeRow]) -> dict[uuid.UUID, Dish]:
    """Return recipes as the planner sees them, by id."""
    return {row.id: _dish(row) for row in rows}


def _rated(rows: Iterable[RecipeRow]) -> tuple[RatedRecipe, ...]:
    """Keep one recipe of each dish: of one that was corrected, the present version if some menu served it."""
    present = _catalogue_ids()
    found: dict[str, RatedRecipe] = {}
    for row in rows:
        if row.slug not in found or row.id in present:
            found[row.slug] = RatedRecipe(recipe=recipe_summary(row, row.id), rating=row.value)
    return tuple(found.values())


@functools.cache
def _catalogue_ids() -> frozenset[uuid.UUID]:
    return frozenset(id_of(dish) for dish in load_catalogue().recipes)


def _dish(row: RecipeRow) -> Dish:
    return Dish(
        slug=row.slug,
        title=row.title,
        kinds=frozenset(row.kinds),
        cuisine=row.cuisine,
        main_protein=row.main_protein,
        minutes=row.minutes,
        appliances=frozenset(row.appliances),
        ingredients=_ingredients(row),
        steps=tuple(row.steps),
    )


def _ingredients(row: RecipeRow) -> tuple[Ingredient, ...]:
    return tuple(Ingredient(food_id=food, grams=grams) for food, grams in zip(row.foods, row.grams, strict=True))

"""Recipes from the rows that `queries` reads. Pure.

Hundreds of dishes take milliseconds, so this is done after the transaction that read them, and not inside it.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row

from mealplanner.food.bare_amounts import count_pieces
from mealplanner.food.catalogue import recipes_by_id
from mealplanner.food.step_minutes import waiting_minutes
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.planner.details import details
from mealplanner.planner.model import Ingredient
from mealplanner.planner.model import Recipe as Dish
from mealplanner.planner.nutrition import total
from mealplanner.recipes.lines import ingredient_lines, preparation_line, step_lines
from mealplanner.recipes.values import Dishes, Numbers, RatedRecipe, RecipeSummary, RecipeValue, source


class CatalogueRow(NamedTuple):
    """A dish of the catalogue as `queries` would read it, had a menu served it before."""

    id: uuid.UUID
    slug: str
    title: str
    cuisine: str
    main_protein: str
    kinds: Sequence[str]
    minutes: int
    appliances: Sequence[str]
    steps: Sequence[str]
    day_before: str
    makes: int
    keeps_days: int
    foods: Sequence[str]
    grams: Sequence[float]
    rating: int
    owner_id: None = None
    retired_at: None = None


RecipeRow = Row[*tuple[Any, ...]] | CatalogueRow
"""What `queries` reads of one recipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DishRows:
    """The rows of the dishes that a person owns or has rated."""

    own: Sequence[RecipeRow]
    rated: Sequence[Row[*tuple[Any, ...]]]


def recipe_value(row: RecipeRow, *, servings: float = 1, units: Units = "metric") -> RecipeValue:
    """Return a recipe for `servings`."""
    foods, ingredients = load_foods(), _ingredients(row)
    is_known = foods.keys() >= {item.food_id for item in ingredients}
    return RecipeValue(
        id=row.id,
        title=row.title,
        source=source(row.owner_id),
        cuisine=row.cuisine,
        main_protein=row.main_protein,
        minutes=row.minutes,
        appliances=tuple(row.appliances),
        servings=servings,
        numbers=Numbers(**asdict(total(ingredients, foods))) if is_known else None,
        details=details(ingredients, foods) if is_known else None,
        ingredients=ingredient_lines(row.foods, row.grams, servings, units),
        waiting_minutes=waiting_minutes(row.steps, row.minutes),
        day_before=preparation_line(row.day_before, row.foods, row.grams, servings, units),
        makes=row.makes,
        keeps_days=row.keeps_days,
        steps=step_lines(row.steps, row.foods, row.grams, servings, units),
        counts_are_for_one=servings != 1 and count_pieces(row.steps),
        rating=row.rating,
        retired=row.retired_at is not None,
    )


def catalogue_row(recipe_id: uuid.UUID, dish: Dish, *, rating: int) -> CatalogueRow:
    """Return a dish of the catalogue with a person's rating."""
    return CatalogueRow(
        id=recipe_id,
        slug=dish.slug,
        title=dish.title,
        cuisine=dish.cuisine,
        main_protein=dish.main_protein,
        kinds=sorted(dish.kinds),
        minutes=dish.minutes,
        appliances=sorted(dish.appliances),
        steps=dish.steps,
        day_before=dish.day_before,
        makes=dish.makes,
        keeps_days=dish.keeps_days,
        foods=[item.food_id for item in dish.ingredients],
        grams=[item.grams for item in dish.ingredients],
        rating=rating,
    )


def dishes(rows: DishRows, *, units: Units = "metric") -> Dishes:
    """Return the person's own dishes, for one serving each, and those of the catalogue that they have rated."""
    return Dishes(own=tuple(recipe_value(row, units=units) for row in rows.own), rated=rated_dishes(rows.rated))


def recipe_summary(row: RecipeRow, recipe_id: uuid.UUID) -> RecipeSummary:
    """Return what a meal or a list shows of a recipe."""
    return RecipeSummary(
        id=recipe_id,
        title=row.title,
        source=source(row.owner_id),
        minutes=row.minutes,
        cuisine=row.cuisine,
        main_protein=row.main_protein,
    )


def planner_dishes(rows: Iterable[RecipeRow]) -> dict[uuid.UUID, Dish]:
    """Return recipes as the planner sees them, by id."""
    return {row.id: _dish(row) for row in rows}


def rated_dishes(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[RatedRecipe, ...]:
    """Return the rated dishes of the catalogue once each: as they are now, or as a menu served those that have left
    the catalogue. Ratings of the person's own dishes are not among them."""
    found: dict[str, RatedRecipe] = {}
    for row in rows:
        present = _present().get(row.slug)
        if (shown := present or row).id is not None:
            found[row.slug] = RatedRecipe(recipe=recipe_summary(shown, shown.id), rating=row.value)
    return tuple(found.values())


@functools.cache
def _present() -> Mapping[str, CatalogueRow]:
    return {dish.slug: catalogue_row(id_, dish, rating=0) for id_, dish in recipes_by_id().items()}


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
        day_before=row.day_before,
        makes=row.makes,
        keeps_days=row.keeps_days,
    )


def _ingredients(row: RecipeRow) -> tuple[Ingredient, ...]:
    return tuple(Ingredient(food_id=food, grams=grams) for food, grams in zip(row.foods, row.grams, strict=True))

"""Dishes as rows of the database, computed before the transaction that stores them. Pure.

The id of a recipe is a hash of its content. For the dishes of a month that takes milliseconds, in which a transaction
would hold its connection for nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mealplanner.food.catalogue import recipe_id
from mealplanner.planner.model import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeRows:
    """Recipes of one owner, or of the catalogue.

    They are in the order of their ids: two workers that store the same recipes lock them in the same order.
    """

    owner_id: uuid.UUID | None
    retired: bool
    """Whether they are stored for the menus that serve them alone, and not planned again."""
    recipes: tuple[Mapping[str, Any], ...]
    ingredients: Mapping[uuid.UUID, tuple[Mapping[str, Any], ...]]
    """Id of a recipe -> the rows of its ingredients."""


def recipe_rows(dishes: Iterable[Recipe], *, owner_id: uuid.UUID | None = None, retired: bool = False) -> RecipeRows:
    """Return the rows of `dishes` as `owner_id`'s own, or as the catalogue's."""
    by_id = dict(sorted({recipe_id(dish, owner_id): dish for dish in dishes}.items()))
    return RecipeRows(
        owner_id=owner_id,
        retired=retired,
        recipes=tuple(_recipe(id_, dish, owner_id) for id_, dish in by_id.items()),
        ingredients={id_: _ingredients(id_, dish) for id_, dish in by_id.items()},
    )


def _recipe(id_: uuid.UUID, dish: Recipe, owner_id: uuid.UUID | None) -> Mapping[str, Any]:
    return {
        "id": id_,
        "owner_id": owner_id,
        "slug": dish.slug,
        "title": dish.title,
        "cuisine": dish.cuisine,
        "main_protein": dish.main_protein,
        "kinds": sorted(dish.kinds),
        "minutes": dish.minutes,
        "appliances": sorted(dish.appliances),
        "steps": list(dish.steps),
        "day_before": dish.day_before,
        "makes": dish.makes,
        "keeps_days": dish.keeps_days,
    }


def _ingredients(id_: uuid.UUID, dish: Recipe) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"recipe_id": id_, "position": position, "food_id": item.food_id, "grams": item.grams}
        for position, item in enumerate(dish.ingredients)
    )

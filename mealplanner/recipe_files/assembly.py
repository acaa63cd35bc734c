"""Files from the rows that `queries` read. Pure.

A recipe takes a millisecond, so this is done after the transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from mealplanner.food.wording import Units
from mealplanner.recipe_files.formats import Format
from mealplanner.recipe_files.values import Collected, Portable, whole_servings
from mealplanner.recipes.assembly import RecipeRow, recipe_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How recipes are worded, and the addresses of their pages."""

    units: Units
    today: datetime.date
    address: Callable[[RecipeRow], str]


def file_of(collected: Collected, kind: Format, setting: Setting) -> bytes:
    """Return the recipes as one file of a `kind`."""
    return kind.write([_portable(row, collected.servings, setting) for row in collected.rows], setting.today)


def _portable(row: RecipeRow, servings: float, setting: Setting) -> Portable:
    recipe = recipe_value(row, servings=whole_servings(servings, row.makes), units=setting.units)
    return Portable(recipe, setting.address(row))

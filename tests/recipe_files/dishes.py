"""Dishes to be written to files."""

from __future__ import annotations

from mealplanner.food.catalogue import recipes_by_id
from mealplanner.recipe_files.values import Portable
from mealplanner.recipes.assembly import CatalogueRow, catalogue_row, recipe_value

ROWS = [catalogue_row(id_, dish, rating=0) for id_, dish in recipes_by_id().items()]
ADDRESS = "https://meals.example.org/recipes/1"

ODD_TITLES = [
    'A "quoted" <b>dish</b>',
    "חומוס",
    "🍜",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{COOKING} soup",
    "क्\N{ZERO WIDTH JOINER}ष",
    "../../etc/passwd",
    "CON.txt",
    "tab\tand\nline",
    "x" * 300,
]


def portable(row: CatalogueRow, *, servings: int = 2, title: str | None = None) -> Portable:
    """Return a dish for some servings, with another title if one is given."""
    row = row._replace(title=title) if title is not None else row
    return Portable(recipe_value(row, servings=servings), ADDRESS)

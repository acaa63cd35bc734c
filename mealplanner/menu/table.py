"""The numbers of a menu as CSV, for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from mealplanner.menu.numbers import day_details
from mealplanner.menu.values import DayValue, MealValue, MenuValue
from mealplanner.planner.details import DETAILS

HEAD: Final = (
    *("date", "slot", "time", "title", "portion", "servings", "skipped"),
    *("kcal", "protein_g", "carbohydrate_g", "fat_g", *DETAILS, "incomplete"),
)
"""The columns. A row whose slot is `total` is the sum of its day."""

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins with one of these is computed by spreadsheets, some of which read wide signs like narrow ones."""
_BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it, spreadsheets take the text for one in the encoding of the country."""


def menu_csv(menu: MenuValue) -> str:
    """Return a row for each meal, for one person, and after each day a row with its totals."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    for day in menu.days:
        writer.writerows(_meal(day, meal) for meal in day.meals)
        writer.writerow([day.date, "total", "", "", "", "", "", *_figures(day)])
    return _BYTE_ORDER_MARK + file.getvalue()


def as_text(title: str) -> str:
    """Return `title` so that no spreadsheet computes it."""
    return f"'{title}" if title.startswith(_FORMULAS) else title


def _meal(day: DayValue, meal: MealValue) -> list[Any]:
    place = [day.date, meal.slot, f"{meal.time:%H:%M}", as_text(meal.recipe.title)]
    alone = replace(day, meals=(meal,), totals=meal.numbers)
    return [*place, meal.portion, meal.servings, meal.skipped or "", *_figures(alone)]


def _figures(day: DayValue) -> Iterator[Any]:
    totals, details = day.totals, day_details(day)
    for figure in (totals.kcal, totals.protein_g, totals.carbohydrate_g, totals.fat_g):
        yield round(figure, 1)
    for name in DETAILS:
        yield round(getattr(details, name), 1)
    yield " ".join(sorted(details.incomplete))

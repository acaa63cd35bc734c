"""Menus from the rows that `queries` reads. Pure.

The meals of a month take milliseconds, so this is done after the transaction that read them, and not inside it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row

from mealplanner.errors import NotFound
from mealplanner.food.wording import Units
from mealplanner.menu.planned_days.overlaps import listed_days
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.recipes.assembly import recipe_summary
from mealplanner.recipes.lines import ingredient_lines, preparation_line
from mealplanner.recipes.values import Numbers, at_least

AnyRow = Row[*tuple[Any, ...]]

_NOTHING: Final = Numbers(0.0, 0.0, 0.0, 0.0)
_SUMMARY: Final = tuple(field.name for field in fields(MenuSummary))


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuRows:
    """A menu as it was read: what is known of it at once, and the rows of its meals by day and position."""

    summary: MenuSummary
    row: AnyRow
    meals: Sequence[AnyRow]


def head_of(row: AnyRow) -> MenuRows:
    """Return a menu from its row, before its meals were read. Raise `NotFound` for a row beside which there is none."""
    if row.id is None:
        raise NotFound
    return MenuRows(summary=summary_of(row), row=row, meals=())


def summary_of(row: AnyRow) -> MenuSummary:
    """Return a menu without its meals."""
    return MenuSummary(**{name: getattr(row, name) for name in _SUMMARY})


def menu_value(rows: MenuRows, *, units: Units = "metric", ingredients: bool = False) -> MenuValue:
    """Return a whole menu; until it is ready it has no days. For the `ingredients` of its meals, the rows need to have
    the foods."""
    start, elsewhere = rows.summary.start_date, rows.row.elsewhere or {}
    days = tuple(
        _day(
            start + datetime.timedelta(days=day),
            [_meal(row, units, ingredients) for row in meals],
            elsewhere.get(str(day)),
        )
        for day, meals in groupby(rows.meals, key=lambda row: row.day)
    )
    return MenuValue(
        summary=rows.summary,
        targets=Numbers(**rows.row.targets),
        preferences=rows.row.preferences,
        warnings=(*_replaced([day.date for day in days if day.replaced_by]), *rows.row.warnings),
        remedies=[remedy for remedy in rows.row.remedies if remedy["text"] in rows.row.warnings],
        days=days,
    )


def _replaced(dates: Sequence[datetime.date]) -> Iterator[str]:
    if dates:
        yield f"You planned {listed_days(dates)} again in another menu. Here you see what was planned before."


def _day(date: datetime.date, meals: Sequence[MealValue], menu_id: str | None) -> DayValue:
    totals = Numbers(
        kcal=sum(meal.numbers.kcal for meal in meals),
        protein_g=sum(meal.numbers.protein_g for meal in meals),
        carbohydrate_g=sum(meal.numbers.carbohydrate_g for meal in meals),
        fat_g=sum(meal.numbers.fat_g for meal in meals),
    )
    minutes = sum(meal.recipe.minutes for meal in meals if meal.skipped is None)
    replaced_by = uuid.UUID(menu_id) if menu_id else None
    return DayValue(date=date, minutes=minutes, totals=totals, meals=tuple(meals), replaced_by=replaced_by)


def _meal(row: AnyRow, units: Units, ingredients: bool) -> MealValue:
    portion = float(row.portion)
    cooked = portion * row.servings
    planned = Numbers(row.kcal, row.protein_g, row.carbohydrate_g, row.fat_g)
    return MealValue(
        id=row.id,
        slot=row.slot,
        time=row.time,
        portion=portion,
        servings=row.servings,
        locked=row.locked,
        note=row.note,
        skipped=row.skipped,
        eaten=row.eaten_at is not None,
        cooked=row.cooked_at is not None,
        recipe=recipe_summary(row, row.recipe_id),
        numbers=_NOTHING if row.skipped == "shared" else planned,
        ingredients=ingredient_lines(row.foods, row.grams, cooked, units) if ingredients else (),
        preparation=preparation_line(
            row.day_before, row.prepared_foods or (), row.prepared_grams or (), at_least(cooked, row.makes), units
        ),
    )

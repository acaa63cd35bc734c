"""What to prepare for the meals of the next day. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mealplanner.menu.values import DayValue

_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Something to do on `date` for a meal of the next day."""

    date: datetime.date
    meal_id: uuid.UUID
    recipe_id: uuid.UUID
    dish: str
    text: str
    """A sentence, with the amounts for all who eat."""


def preparations(days: Iterable[DayValue]) -> tuple[Preparation, ...]:
    """Return what the meals of `days` need the day before, in order.

    The first may be due on the day before a menu begins. Meals that are skipped, eaten or cooked need nothing any more.
    """
    return tuple(
        Preparation(
            date=day.date - _DAY,
            meal_id=meal.id,
            recipe_id=meal.recipe.id,
            dish=meal.recipe.title,
            text=meal.preparation,
        )
        for day in days
        if day.replaced_by is None
        for meal in day.meals
        if meal.preparation and meal.skipped is None and not meal.eaten and not meal.cooked
    )

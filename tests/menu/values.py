"""Values of menus to test with."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from typing import Any

from mealplanner.menu.values import DayValue, MealValue
from mealplanner.recipes.values import IngredientLine, Numbers, RecipeSummary

MONDAY = datetime.date(2026, 11, 23)
TARGET = Numbers(kcal=2000.0, protein_g=125.0, carbohydrate_g=225.0, fat_g=66.7)
PORRIDGE = MealValue(
    id=uuid.uuid4(),
    slot="breakfast",
    time=datetime.time(8, 0),
    portion=1.25,
    servings=2,
    locked=False,
    note=None,
    skipped=None,
    eaten=False,
    cooked=False,
    recipe=RecipeSummary(
        id=uuid.uuid4(),
        title="Porridge",
        source="catalogue",
        minutes=65,
        cuisine="eastern-european",
        main_protein="grains",
    ),
    numbers=Numbers(kcal=1000.4, protein_g=62.6, carbohydrate_g=112.4, fat_g=33.0),
    ingredients=(IngredientLine(food="rolled-oats", name="Rolled oats", grams=62.0, text="62 g rolled oats"),),
)


def meal_at(hour: int, slot: str, **changes: Any) -> MealValue:
    """Return a meal of its own at a full hour."""
    return replace(PORRIDGE, id=uuid.uuid4(), slot=slot, time=datetime.time(hour), **changes)


def day_of(*meals: MealValue, date: datetime.date = MONDAY, minutes: int = 30, totals: Numbers = TARGET) -> DayValue:
    """Return a day."""
    return DayValue(date=date, minutes=minutes, totals=totals, meals=meals)


def week_of(*days: DayValue) -> list[DayValue]:
    """Return the days one after the other, from Monday."""
    return [replace(day, date=MONDAY + datetime.timedelta(days=number)) for number, day in enumerate(days)]

"""A menu as its pages show it, word for word. Pure.

A week has hundreds of words and numbers to show. They are put together here rather than by the filters of a template,
which would take several times as long over them; the template says only where each belongs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from mealplanner.charts import Measure, Slice, measures, slice_after
from mealplanner.formatting import clock, day, duration, label, number, servings, short_date, weekday
from mealplanner.menu.values import DayValue, MealValue
from mealplanner.recipes.values import Numbers


class MealPage(NamedTuple):
    """A meal; `facts` are its portion, its minutes and its cuisine, and the amounts are whole numbers."""

    time: str
    slot: str
    recipe_id: UUID
    servings: str
    """As the address of the recipe asks for them."""
    title: str
    facts: str
    by_model: bool
    locked: bool
    slice: Slice
    kcal: str
    protein: str
    carbohydrate: str
    fat: str
    people: int
    ingredients: tuple[str, ...]


class DayPage(NamedTuple):
    """A day; `id` is its date as programs write it, and `measures` compare it with the target."""

    id: str
    title: str
    short: str
    weekday: str
    number: int
    kitchen: str
    kcal: str
    measures: tuple[Measure, ...]
    off_target: int
    meals: tuple[MealPage, ...]


def day_page(value: DayValue, target: Numbers) -> DayPage:
    """A day that should have reached `target`."""
    date, figures = value.date, measures(value.totals, target)
    before = accumulate((meal.numbers.kcal for meal in value.meals), initial=0.0)
    return DayPage(
        id=date.isoformat(),
        title=day(date),
        short=short_date(date),
        weekday=weekday(date),
        number=date.day,
        kitchen=duration(value.minutes),
        kcal=number(value.totals.kcal),
        measures=figures,
        off_target=sum(not figure.on_target for figure in figures),
        meals=tuple(_meal(meal, eaten, target) for meal, eaten in zip(value.meals, before, strict=False)),
    )


def day_pages(days: Iterable[DayValue], target: Numbers) -> list[DayPage]:
    """All days of a menu."""
    return [day_page(value, target) for value in days]


def _meal(meal: MealValue, eaten: float, target: Numbers) -> MealPage:
    recipe, numbers = meal.recipe, meal.numbers
    return MealPage(
        time=clock(meal.time),
        slot=label(meal.slot),
        recipe_id=recipe.id,
        servings=f"{meal.servings * meal.portion:g}",
        title=recipe.title,
        facts=_facts(meal.portion, recipe.minutes, recipe.cuisine),
        by_model=recipe.source == "model",
        locked=meal.locked,
        slice=slice_after(numbers, eaten, target),
        kcal=number(numbers.kcal),
        protein=number(numbers.protein_g),
        carbohydrate=number(numbers.carbohydrate_g),
        fat=number(numbers.fat_g),
        people=meal.servings,
        ingredients=tuple([line.text for line in meal.ingredients]),
    )


@lru_cache(maxsize=1024)
def _facts(portion: float, minutes: int, cuisine: str) -> str:
    return f"{servings(portion)} · {duration(minutes)} · {label(cuisine)}"

"""The texts and figures of a menu's page. Pure.

A week has hundreds of them. They are formatted here rather than by the filters of a template, which would take several
times as long; the template only says where each belongs.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from mealplanner.charts import Measure, Slice, measures, slice_after
from mealplanner.food.wording import Units
from mealplanner.formatting import Hours, clock, day, duration, label, number, servings, short_date, weekday
from mealplanner.menu.assembly import MenuRows, menu_value
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.recipes.values import Numbers, name_of_cuisine


class MealPage(NamedTuple):
    """A meal; `facts` are its portion, its minutes and its cuisine, and the amounts are whole numbers."""

    at: str
    """As programs read it."""
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


class MenuPage(NamedTuple):
    """A whole menu."""

    summary: MenuSummary
    targets: Numbers
    warnings: tuple[str, ...]
    model_dishes: int
    days: tuple[DayPage, ...]


def menu_page(rows: MenuRows, *, units: Units = "metric", hours: Hours = "24h") -> MenuPage:
    """Return the page of a menu."""
    return page_of(menu_value(rows, units=units), hours)


def page_of(value: MenuValue, hours: Hours = "24h") -> MenuPage:
    """Return the page of a menu that was put together already."""
    return MenuPage(
        summary=value.summary,
        targets=value.targets,
        warnings=value.warnings,
        model_dishes=value.model_dishes,
        days=tuple(day_page(day, value.targets, hours) for day in value.days),
    )


def first_day(rows: MenuRows, *, units: Units = "metric", hours: Hours = "24h") -> DayPage:
    """Return the first day of `rows`, which may hold only the meals of one."""
    value = menu_value(rows, units=units)
    return day_page(value.days[0], value.targets, hours)


def day_page(value: DayValue, target: Numbers, hours: Hours = "24h") -> DayPage:
    """Return the part of a page that shows one day, compared with `target`."""
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
        meals=tuple(_meal(meal, eaten, target, hours) for meal, eaten in zip(value.meals, before, strict=False)),
    )


def _meal(meal: MealValue, eaten: float, target: Numbers, hours: Hours) -> MealPage:
    recipe, numbers = meal.recipe, meal.numbers
    return MealPage(
        at=clock(meal.time),
        time=clock(meal.time, hours),
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
    return f"{servings(portion)} · {duration(minutes)} · {name_of_cuisine(cuisine)}"

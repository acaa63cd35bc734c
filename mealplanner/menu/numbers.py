"""The figures of a menu: each day against its target, and what each meal brings. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mealplanner.food.unknown import stored_foods
from mealplanner.menu.assembly import MenuRows, menu_value
from mealplanner.menu.status_line import status_line
from mealplanner.menu.values import DayValue, MealValue, MenuSummary
from mealplanner.planner.details import Details, details, mean_details
from mealplanner.planner.model import Ingredient
from mealplanner.preferences.values import Preferences
from mealplanner.presentation.charts import DetailLine, Measure, detail_lines, measures
from mealplanner.presentation.formatting import date_range, day, duration, label, number, servings, short_date, weekday
from mealplanner.recipes.values import Numbers


class MealFigures(NamedTuple):
    """A meal; the amounts are whole numbers."""

    slot: str
    title: str
    portion: str
    kcal: str
    protein: str
    carbohydrate: str
    fat: str


class DayFigures(NamedTuple):
    """A day; `id` is its date as programs write it, and `measures` compare it with the target;
    `details` are what else it provides, by name."""

    id: str
    title: str
    short: str
    weekday: str
    number: int
    kitchen: str
    kcal: str
    measures: tuple[Measure, ...]
    details: tuple[DetailLine, ...]
    off_target: int
    meals: tuple[MealFigures, ...]


class NumbersPage(NamedTuple):
    """All figures of a menu."""

    summary: MenuSummary
    title: str
    status: str
    targets: Numbers
    average: tuple[DetailLine, ...]
    """What else an average day provides."""
    days: tuple[DayFigures, ...]


def numbers_page(rows: MenuRows) -> NumbersPage:
    """Return the figures of a menu, whose rows need to have the foods."""
    value = menu_value(rows, ingredients=True)
    limits = Preferences(**value.preferences).limits_of_a_day()
    return NumbersPage(
        summary=value.summary,
        title=date_range(value.summary.start_date, value.summary.days),
        status=status_line(value.days, value.targets),
        targets=value.targets,
        average=detail_lines(mean_details([day_details(each) for each in value.days]), limits),
        days=tuple(day_figures(each, value.targets, limits) for each in value.days),
    )


def day_figures(value: DayValue, target: Numbers, limits: Mapping[str, float]) -> DayFigures:
    """Return the figures of one day, compared with `target` and `limits`."""
    date, figures = value.date, measures(value.totals, target)
    return DayFigures(
        id=date.isoformat(),
        title=day(date),
        short=short_date(date),
        weekday=weekday(date),
        number=date.day,
        kitchen=duration(value.minutes),
        kcal=number(value.totals.kcal),
        measures=figures,
        details=detail_lines(day_details(value), limits),
        off_target=sum(not figure.on_target for figure in figures),
        meals=tuple(_meal(meal) for meal in value.meals),
    )


def day_details(day: DayValue) -> Details:
    """Return the details of what one person eats on a day; a skipped meal counts as in the day's totals."""
    eaten = [meal for meal in day.meals if meal.skipped != "shared"]
    return details(
        (
            Ingredient(food_id=line.food, grams=line.grams / meal.servings)
            for meal in eaten
            for line in meal.ingredients
        ),
        stored_foods(),
    )


def _meal(meal: MealValue) -> MealFigures:
    numbers = meal.numbers
    return MealFigures(
        slot=label(meal.slot),
        title=meal.recipe.title,
        portion=servings(meal.portion),
        kcal=number(numbers.kcal),
        protein=number(numbers.protein_g),
        carbohydrate=number(numbers.carbohydrate_g),
        fat=number(numbers.fat_g),
    )

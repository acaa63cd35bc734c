"""The texts and figures of a menu's page."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace

from mealplanner.menu.page import day_page
from mealplanner.menu.values import DayValue, MealValue
from mealplanner.recipes.values import IngredientLine, Numbers, RecipeSummary

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
    ingredients=(IngredientLine(food="oats", name="Rolled oats", grams=62.0, text="62 g rolled oats"),),
)


def day_of(*meals: MealValue, totals: Numbers = TARGET) -> DayValue:
    """Return the 23rd of November."""
    return DayValue(date=datetime.date(2026, 11, 23), minutes=130, totals=totals, meals=meals)


def test_a_meal_is_formatted() -> None:
    """When, what, how much, how long it takes and what is in it; amounts are whole numbers."""
    (meal,) = day_page(day_of(PORRIDGE), TARGET).meals
    assert (meal.time, meal.slot, meal.title) == ("08:00", "Breakfast", "Porridge")
    assert meal.facts.replace("\N{NO-BREAK SPACE}", " ") == "1¼ servings · 1 h 5 min · Eastern European"
    assert (meal.kcal, meal.protein, meal.carbohydrate, meal.fat) == ("1,000", "63", "112", "33")
    assert (meal.servings, meal.people, meal.ingredients) == ("2.5", 2, ("62 g rolled oats",))


def test_a_meal_is_at_the_hour_that_the_person_reads() -> None:
    (meal,) = day_page(day_of(replace(PORRIDGE, time=datetime.time(18, 30))), TARGET, "12h").meals
    assert (meal.at, meal.time) == ("18:30", "6:30\xa0PM")


def test_badges_tell_where_a_meal_comes_from() -> None:
    """A dish that a model wrote, and a meal that was kept, are marked."""
    written = replace(PORRIDGE, locked=True, recipe=replace(PORRIDGE.recipe, source="model"))
    plain, badged = day_page(day_of(PORRIDGE, written), TARGET).meals
    assert (plain.by_model, plain.locked) == (False, False)
    assert (badged.by_model, badged.locked) == (True, True)


def test_each_meal_is_drawn_after_those_before_it() -> None:
    """The first begins at zero, the second where the first ended."""
    first, second = day_page(day_of(PORRIDGE, PORRIDGE), TARGET).meals
    assert (first.slice.before, second.slice.before) == (0.0, 40.02)


def test_a_day_says_how_many_figures_are_off_target() -> None:
    """And its date in the forms that the page needs."""
    day = day_page(day_of(totals=replace(TARGET, fat_g=20.0, protein_g=20.0)), TARGET)
    assert (day.id, day.title, day.short, day.weekday, day.number) == (
        "2026-11-23", "Monday 23 November", "Mon 23 Nov", "Mon", 23
    )  # fmt: skip
    assert (day.off_target, [measure.on_target for measure in day.measures]) == (2, [True, False, True, False])
    assert (day.kcal, day.kitchen.replace("\N{NO-BREAK SPACE}", " "), day.meals) == ("2,000", "2 h 10 min", ())

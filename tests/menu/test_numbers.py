"""The figures of a menu."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mealplanner.menu.numbers import day_details, day_figures
from tests.menu.values import PORRIDGE, TARGET, day_of


def test_a_day_says_how_many_figures_are_off_target() -> None:
    day = day_figures(day_of(totals=replace(TARGET, fat_g=20.0, protein_g=20.0)), TARGET, {})
    assert (day.id, day.title, day.short, day.weekday, day.number) == (
        "2026-11-23", "Monday 23 November", "Mon 23 Nov", "Mon", 23
    )  # fmt: skip
    assert (day.off_target, [measure.on_target for measure in day.measures]) == (2, [True, False, True, False])
    assert (day.kcal, day.kitchen.replace("\N{NO-BREAK SPACE}", " "), day.meals) == ("2,000", "30 min", ())


def test_amounts_of_a_meal_are_whole_numbers() -> None:
    (meal,) = day_figures(day_of(PORRIDGE), TARGET, {}).meals
    assert (meal.title, meal.slot, meal.portion.replace("\N{NO-BREAK SPACE}", " ")) == (
        "Porridge", "Breakfast", "1¼ servings",
    )  # fmt: skip
    assert (meal.kcal, meal.protein, meal.carbohydrate, meal.fat) == ("1,000", "63", "112", "33")


def test_the_details_of_a_day_are_those_of_what_one_person_eats() -> None:
    """62 g of oats for two people; a meal whose energy others took over brings nothing."""
    details = day_details(day_of(PORRIDGE, replace(PORRIDGE, skipped="shared")))
    assert (details.fibre_g, details.incomplete) == (pytest.approx(31 * 0.101), frozenset())


def test_details_are_read_with_a_decimal() -> None:
    lines = {line.name: line.amount for line in day_figures(day_of(PORRIDGE), TARGET, {}).details}
    assert list(lines) == ["Saturated fat", "Fibre", "Sugars", "Salt"]
    assert lines["Fibre"] == "3.1\N{NO-BREAK SPACE}g"


def test_details_stand_beside_the_limits_of_a_day() -> None:
    salt, fibre = (
        next(line for line in day_figures(day_of(PORRIDGE), TARGET, limits).details if line.limit)
        for limits in ({"salt_g": 5.0}, {"fibre_g": 25.0})
    )
    assert (salt.limit, salt.beyond) == ("at most 5\N{NO-BREAK SPACE}g", False)
    assert (fibre.limit, fibre.beyond) == ("at least 25\N{NO-BREAK SPACE}g", True)

"""The numbers of a menu as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.menu.table import HEAD, menu_csv
from tests.menu.values import PORRIDGE, day_of


def table(*meals: Any) -> list[dict[str, str]]:
    """Return the rows as a program reads them."""
    menu: Any = type("Menu", (), {"days": [day_of(*meals)]})
    sent = menu_csv(menu)
    assert sent.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(sent[1:])))


def test_each_meal_has_a_row_and_each_day_its_totals() -> None:
    meal, total = table(PORRIDGE)
    assert tuple(meal) == HEAD
    assert meal == {
        "date": "2026-11-23", "slot": "breakfast", "time": "08:00", "title": "Porridge", "portion": "1.25",
        "servings": "2", "skipped": "", "kcal": "1000.4", "protein_g": "62.6", "carbohydrate_g": "112.4",
        "fat_g": "33.0", **{name: meal[name] for name in HEAD[-5:]},
    }  # fmt: skip
    assert float(meal["fibre_g"]) > 2
    assert (total["slot"], total["title"], total["kcal"], total["fibre_g"]) == ("total", "", "2000.0", meal["fibre_g"])


def test_a_meal_whose_energy_is_shared_has_no_details() -> None:
    meal, total = table(replace(PORRIDGE, skipped="shared"))
    assert (meal["skipped"], meal["fibre_g"], total["fibre_g"]) == ("shared", "0.0", "0.0")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-2 eggs", "@home", "\t=1", "\r=1", "\n=1", "\uff1d1+1"])
def test_a_title_is_not_computed_by_a_spreadsheet(title: str) -> None:
    meal, _ = table(replace(PORRIDGE, recipe=replace(PORRIDGE.recipe, title=title)))
    assert meal["title"] == f"'{title}"


def test_a_title_with_commas_and_quotes_comes_back_as_it_was() -> None:
    title = 'Rice, "red" beans;\nand 50 % more'
    meal, _ = table(replace(PORRIDGE, recipe=replace(PORRIDGE.recipe, title=title)))
    assert meal["title"] == title

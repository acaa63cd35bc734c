"""The separate check: a few people, and that it tells what is wrong."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.plan import NothingFits
from mealplanner.planner.results import Plan
from tests.benchmarks import separate_check
from tests.benchmarks.random_wishes import random_wish
from tests.second_proof.words import RULES

PEOPLE = 8


def test_every_meal_of_a_day_of_some_people_passes() -> None:
    found = [
        separate_check.checked_plan(number, replace(random_wish(1, number), days=(0,))) for number in range(PEOPLE)
    ]
    assert not [wrong for checked in found for wrong in checked.violations]
    assert sum(checked.meals for checked in found) > 3 * PEOPLE


def test_the_people_ask_for_everything() -> None:
    """Each diet, each restriction, every number of snacks and days, meat or fish in all ways."""
    people = [random_wish(1, number).preferences for number in range(300)]
    asked = {rule for one in people for rule in (one.diet_type, *one.dietary_restrictions)}
    assert asked == RULES.keys()
    assert {one.snacks_per_day for one in people} == {0, 1, 2, 3}
    assert {one.meat_or_fish for one in people} == {"any", "never", "some", "most"}
    assert {len(random_wish(1, number).days) for number in range(100)} == set(range(1, 8))


def test_a_violation_is_printed_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what plans for the same person again."""
    wrong = next(recipe for recipe in load_catalogue().recipes if "main" in recipe.kinds)
    planned = separate_check.planned

    def spoiled(inputs: Any) -> Plan:
        made = planned(replace(inputs, days=(0,)))
        meals = tuple(replace(meal, recipe=wrong) for meal in made.days[0].meals)
        return replace(made, days=(replace(made.days[0], meals=meals),))

    monkeypatch.setattr(separate_check, "planned", spoiled)
    monkeypatch.setattr(sys, "argv", ["separate_check", "--meals", "1", "--seed", "1", "--first", "1"])
    assert separate_check.main() == 1
    printed = capsys.readouterr().out
    assert "VIOLATION --seed 1 --first 1 (" in printed
    assert "Seed 1, people 1 to 1" in printed


def test_that_nothing_fits_is_a_claim_that_is_checked() -> None:
    inputs = replace(random_wish(1, 1), ratings={})
    claim = separate_check.unfounded(inputs, NothingFits(["None of the mains suits."]))
    assert any("yet" in wrong for wrong in claim)

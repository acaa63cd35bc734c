"""What the second reading of the food table decided, food by food: `second_reading.tsv` gives the reasons."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest

from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import Verdict, suits

WHERE: Final = ("contains", "may", "traces", "none", "suits", "name")
"""Where a decision holds: one of the three columns of traits, none of them, the rules that admit the food for certain,
or the words that its name has to have."""


def _decisions() -> list[tuple[str, str, str, str]]:
    with (Path(__file__).parent / "second_reading.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (food, row["where"], word, row["reason"])
        for row in rows
        for food in row["foods"].split()
        for word in row["words"].split()
    ]


DECISIONS: Final = _decisions()


def holds(food: Food, where: str, word: str) -> bool:
    columns = {"contains": food.contains, "may": food.may_contain, "traces": food.traces}
    if where == "suits":
        return suits(food, word) is Verdict.YES
    if where == "name":
        return word in food.name.lower().replace(",", "").split()
    return [name for name, traits in columns.items() if word in traits] == ([] if where == "none" else [where])


@pytest.mark.parametrize(("food_id", "where", "word", "reason"), DECISIONS)
def test_a_decision_of_the_second_reading_stands(food_id: str, where: str, word: str, reason: str) -> None:
    assert holds(load_foods()[food_id], where, word), f"{food_id}: {word} belongs to {where!r}: {reason}"


def test_every_decision_has_its_place_and_reason() -> None:
    assert {where for _, where, _, _ in DECISIONS} == set(WHERE)
    assert all(reason for *_, reason in DECISIONS)
    assert len({decision[:3] for decision in DECISIONS}) == len(DECISIONS)

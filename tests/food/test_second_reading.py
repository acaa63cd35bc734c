"""What the second reading of the food table decided, food by food: `second_reading.tsv` gives the reasons."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import Verdict, refusal, suits

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


def test_dishes_use_the_food_whose_label_promises_more() -> None:
    """A dish of ordinary wine would be lost to vegans without need. A grain does not stand in for its flour."""
    catalogue = load_catalogue()
    used = {item.food_id for recipe in catalogue.recipes for item in recipe.ingredients}
    better = {
        (food.id, other.id)
        for food in catalogue.foods.values()
        for other in catalogue.foods.values()
        if _is_kin(food, other) and _doubts(other) < _doubts(food)
    }
    assert ("wine-red", "wine-red-vegan") in better
    assert {(plain, promising) for plain, promising in better if plain in used} <= {("teff-flour", "teff-dry")}


def _is_kin(food: Food, other: Food) -> bool:
    """Whether both are one food of the source, with one word of their ids at least in common."""
    alike = (food.source, food.contains) == (other.source, other.contains)
    return alike and not set(food.id.split("-")).isdisjoint(other.id.split("-"))


def _doubts(food: Food) -> frozenset[str]:
    return food.may_contain | food.traces


@pytest.mark.parametrize(
    ("rules", "least"),
    [
        ("vegan", 430),
        ("vegetarian", 550),
        ("pescatarian", 660),
        ("halal", 820),
        ("kosher", 750),
        ("paleo", 115),
        ("keto", 130),
        ("gluten-free", 660),
        ("dairy-free", 700),
        ("vegan gluten-free", 320),
        ("vegan soy", 225),
        ("vegan halal", 420),
        ("vegetarian halal", 530),
        ("vegetarian kosher", 550),
        ("gluten-free halal", 610),
    ],
)
def test_enough_dishes_suit(rules: str, least: int) -> None:
    """A flag that is set later does not empty the menu of a diet unnoticed."""
    recipes, foods = load_catalogue().recipes, load_catalogue().foods
    suitable = [recipe for recipe in recipes if refusal(recipe, foods, rules.split()) is None]
    assert len(suitable) >= least

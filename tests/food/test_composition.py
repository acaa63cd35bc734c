"""What compound foods are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mealplanner.food.composition import COLUMNS, Uses, load_composition, read_composition
from mealplanner.food.table import FoodTableError, load_foods
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import TRAITS

ONE_THING = {"canola-oil", "olive-oil", "milk-low-fat", "milk-skim", "milk-whole", "coconut-water", "coffee"} | {
    "tea-black", "tea-green", "water", "agave-syrup", "honey"
}  # fmt: skip
"""Foods that are prepared or liquid and hold one thing."""

MADE = frozenset({"prepared", "baked", "cured", "fermented", "pickled", "smoked", "liquid"})
CAUTIOUS = TRAITS - {"processed"}
"""Traits that a compound food must not have less of than what it holds: what is processed says how it was made."""


@pytest.fixture(scope="module")
def foods() -> Mapping[str, Food]:
    return load_foods()


def test_every_compound_food_says_what_it_holds(foods: Mapping[str, Food]) -> None:
    made = {
        food.id for food in foods.values() if food.state in MADE or food.aisle in ("bread-wraps", "condiments-sauces")
    }
    assert made - ONE_THING <= load_composition().keys() <= foods.keys()


def test_everything_held_is_in_the_table_or_quoted(foods: Mapping[str, Food]) -> None:
    held = {item for parts in load_composition().values() for item in parts.certainly + parts.maybe}
    assert {item for item in held if not item.startswith('"')} <= foods.keys()
    assert all(item.endswith('"') for item in held if item.startswith('"'))


def test_a_compound_food_has_the_traits_of_what_it_holds(foods: Mapping[str, Food]) -> None:
    """The flags of the table and the compositions were written apart, so each checks the other."""
    lacking = {
        (food_id, item, trait)
        for food_id, parts in load_composition().items()
        for item in parts.certainly + parts.maybe
        if item in foods
        for trait in foods[item].contains & CAUTIOUS
        if trait not in foods[food_id].contains | foods[food_id].may_contain | foods[food_id].traces
        and (item, trait) != ("gelatine", "meat")  # gelatine is a trait of its own
    }
    assert lacking == set()


def test_nothing_holds_itself() -> None:
    uses = Uses(load_composition())
    assert not [food_id for food_id in load_composition() if food_id in set().union(*uses.holders([food_id]))]


@pytest.mark.parametrize(
    ("item", "certainly", "maybe"),
    [
        ("garlic", {"hummus", "kimchi", "sriracha", "barbecue-sauce"}, {"vegetable-stock", "naan", "ketchup"}),
        ('"anchovies"', {"worcestershire-sauce", "fish-sauce"}, {"barbecue-sauce", "kimchi"}),
        ("soybeans-dry", {"soy-sauce", "teriyaki-sauce", "tofu-firm"}, {"worcestershire-sauce", "oyster-sauce"}),
        ("celery-seed", set(), {"ketchup", "curry-powder"}),
        ('"hops"', {"beer"}, set()),
    ],
)
def test_what_holds_a_food_is_found_at_any_depth(item: str, certainly: set[str], maybe: set[str]) -> None:
    found, possible = Uses(load_composition()).holders([item])
    assert certainly <= found
    assert maybe <= possible
    assert not found & possible


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["pesto\tbasil\t\t", "pesto\tbasil\t\t"], "3: food: expected a food that has no line yet"),
        (["\tbasil\t\t"], "food: expected some text"),
        (["pesto\tbasil"], "expected 4 columns, found 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, lines: list[str], problem: str) -> None:
    file = tmp_path / "composition.tsv"
    file.write_text("\n".join(("\t".join(COLUMNS), *lines)))
    with pytest.raises(FoodTableError, match=problem):
        read_composition(file)

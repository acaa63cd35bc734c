"""Each check of the food table catches the defect it is there for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mealplanner.food.checks import check_foods
from mealplanner.food.table import FoodTable, load_table
from mealplanner.planner.model import Food, Nutrients


def problems(foods: Iterable[Food], **excuses: str) -> list[str]:
    table = FoodTable({food.id: food for food in foods}, {key.replace("_", "-"): why for key, why in excuses.items()})
    return [finding.problem for finding in check_foods(table)]


def test_the_table_of_the_package_passes_every_check() -> None:
    """No food is shipped with a finding."""
    assert check_foods(load_table()) == []


def test_a_sound_food_passes(make_food: Callable[..., Food]) -> None:
    """The food that the defects below are made from has none."""
    assert problems([make_food()]) == []


@pytest.mark.parametrize(
    ("defect", "problem"),
    [
        ({"id": "Red Lentils"}, "the id is not lower-case words joined by hyphens"),
        ({"state": "wet"}, "unknown state 'wet'"),
        ({"aisle": "toys"}, "unknown aisle 'toys'"),
        ({"contains": frozenset({"legume", "lactose"})}, "unknown trait 'lactose'"),
        ({"may_contain": frozenset({"glutn"})}, "unknown trait 'glutn'"),
        ({"may_contain": frozenset({"legume"})}, "legume is both contained and perhaps contained"),
        ({"traces": frozenset({"alcohol"})}, "traces of alcohol, which is no allergen"),
        ({"traces": frozenset({"nuts"})}, "unknown trait 'nuts'"),
        (
            {"contains": frozenset({"legume", "soy"}), "traces": frozenset({"soy"})},
            "traces of soy, which it contains or may contain",
        ),
        ({"traces": frozenset({"wheat"})}, "traces of wheat, so there are traces of gluten"),
        ({"contains": frozenset()}, "is in beans-lentils and contains none of legume"),
        ({"salt_g": 101}, "101 g of salt per 100 g"),
        ({"saturates_g": 2.5}, "saturates weigh more than the fat"),
        ({"fibre_g": float("nan"), "sugars_g": 62}, "fibre and sugars weigh more than the carbohydrate"),
        ({"fibre_g": 60, "sugars_g": 2}, "fibre and sugars weigh more than the carbohydrate"),
        ({"grams_per": {"cup": 2000}}, "a cup of 2000 g"),
        ({"grams_per": {"cup": 200, "tbsp": 12, "tsp": 0.1}}, "a tsp of 0.1 g"),
        ({"grams_per": {"cup": 8, "tbsp": 12}}, "a larger measure that weighs no more than a smaller one"),
        ({"aliases": ("red lentil",)}, "an alias that repeats its name or another alias"),
    ],
)
def test_a_defect_is_found(make_food: Callable[..., Food], defect: dict[str, Any], problem: str) -> None:
    """One changed field, one finding that names it."""
    assert problems([make_food(**defect)]) == [problem]


@pytest.mark.parametrize(
    ("trait", "implied"),
    [
        ("pork", "meat"),
        ("beef", "meat"),
        ("forbidden-meat", "meat"),
        ("wheat", "gluten"),
        ("gluten", "grain"),
        ("crustaceans", "forbidden-seafood"),
        ("molluscs", "forbidden-seafood"),
    ],
)
def test_a_trait_brings_the_traits_it_implies(make_food: Callable[..., Food], trait: str, implied: str) -> None:
    """A food that is pork is meat, one with wheat has gluten, and so on."""
    assert f"contains {trait}, so it contains {implied}" in problems([make_food(contains=frozenset({"legume", trait}))])


def test_a_hidden_trait_brings_the_hidden_traits_it_implies(make_food: Callable[..., Food]) -> None:
    """Where wheat may hide, so may gluten, and so on."""
    food = make_food(may_contain=frozenset({"wheat"}))
    assert problems([food]) == ["may contain wheat, so it may contain gluten"]


@pytest.mark.parametrize("trait", ["soy", "lupin", "peanuts"])
def test_soy_lupin_and_peanuts_are_legumes(make_food: Callable[..., Food], trait: str) -> None:
    """Paleo, which forbids pulses, may not miss those that are allergens."""
    food = make_food(aisle="nuts-seeds", contains=frozenset({trait}))
    assert problems([food]) == [f"contains {trait}, so it contains legume"]


@pytest.mark.parametrize(
    ("aisle", "expected"),
    [
        ("meat-poultry", "meat"),
        ("fish-seafood", "crustaceans, fish, molluscs"),
        ("dairy-eggs", "eggs, milk"),
    ],
)
def test_an_aisle_of_animal_foods_holds_nothing_without_its_trait(
    make_food: Callable[..., Food], aisle: str, expected: str
) -> None:
    """A cheese whose reviewer forgot the milk does not slip through."""
    assert problems([make_food(aisle=aisle)]) == [f"is in {aisle} and contains none of {expected}"]


def test_masses_add_up_to_a_hundred_grams_at_most(make_food: Callable[..., Food]) -> None:
    """Macros that weigh more than the food were copied wrong."""
    heavy = Nutrients(kcal=500, protein_g=40, carbohydrate_g=60, fat_g=12)
    assert problems([make_food(per_100g=heavy)]) == ["protein, fat and carbohydrate weigh more than 100 g"]


def test_nothing_holds_more_energy_than_fat(make_food: Callable[..., Food]) -> None:
    """Kilojoules in the place of kilocalories are found."""
    assert "1498 kcal per 100 g" in problems([make_food(per_100g=Nutrients(1498, 25, 60, 2))])


def test_energy_follows_from_the_macros(make_food: Callable[..., Food]) -> None:
    """A food 15 % off, such as a cooked figure beside dry ones, is found."""
    cooked = Nutrients(kcal=116, protein_g=25, carbohydrate_g=60, fat_g=2)
    assert problems([make_food(per_100g=cooked)]) == ["116 kcal, but its macros give 358, and it has no excuse"]


def test_an_excuse_lets_a_food_pass_by_name(make_food: Callable[..., Food]) -> None:
    """Alcohol and fibre are known reasons, given one food at a time."""
    spirit = make_food(
        per_100g=Nutrients(kcal=250, protein_g=0, carbohydrate_g=0, fat_g=0), saturates_g=0, fibre_g=0, sugars_g=0
    )
    assert problems([spirit], red_lentils="alcohol") == []


def test_an_excuse_that_is_not_needed_is_found(make_food: Callable[..., Food]) -> None:
    """Excuses do not pile up to hide a later defect."""
    assert problems([make_food()], red_lentils="fibre") == ["an excuse that it does not need"]


def test_an_alias_may_not_be_the_name_of_an_unrelated_food(make_food: Callable[..., Food]) -> None:
    """Who dislikes prunes does not lose the lentils."""
    prunes = make_food(id="prunes", name="Prunes", aisle="fruit", contains=frozenset())
    lentils = make_food(aliases=("prune",))
    assert problems([prunes, lentils]) == ["the alias 'prune' is the name of prunes"]


def test_an_alias_may_be_the_name_of_the_same_food_in_another_state(make_food: Callable[..., Food]) -> None:
    """Canned tomatoes may be called tomatoes."""
    raw = make_food(id="tomatoes", name="Tomatoes", aisle="vegetables", contains=frozenset())
    canned = make_food(id="tomatoes-canned", name="Canned", aliases=("tomato",), aisle="fruit", contains=frozenset())
    assert problems([raw, canned]) == []

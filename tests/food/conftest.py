"""Small handmade foods and recipes for the checks to look at."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from mealplanner.food.table import COLUMNS
from mealplanner.planner.model import Food, Ingredient, Nutrients, Recipe

_FOOD = Food(
    id="red-lentils",
    name="Red lentils",
    state="dry",
    aisle="beans-lentils",
    source="fdc 1",
    per_100g=Nutrients(kcal=350, protein_g=25, carbohydrate_g=60, fat_g=2),
    saturates_g=0.3,
    fibre_g=11,
    sugars_g=2,
    salt_g=0,
    contains=frozenset({"legume"}),
    may_contain=frozenset(),
)

_RECIPE = Recipe(
    slug="lentil-soup",
    title="Lentil soup",
    kinds=frozenset({"main"}),
    cuisine="indian",
    main_protein="lentils",
    minutes=30,
    appliances=frozenset({"stove"}),
    ingredients=(Ingredient(food_id="red-lentils", grams=120),),
    steps=(
        "Rinse the lentils and put them on with {300 ml} of water.",
        "Simmer them for 20 minutes, until they fall apart.",
        "Season the soup and serve it hot.",
    ),
)

_CELLS = {
    "id": "red-lentils",
    "name": "Red lentils",
    "aliases": "lentil|dal",
    "state": "dry",
    "source": "fdc 174284",
    "kcal": "358",
    "protein": "23.91",
    "fat": "2.17",
    "saturates": "0.38",
    "carbohydrate": "63.1",
    "fibre": "10.8",
    "sugars": "",
    "salt": "0.018",
    "contains": "legume",
    "may": "-",
    "traces": "-",
    "cup": "192",
    "tbsp": "",
    "tsp": "",
    "excuse": "",
}


@pytest.fixture
def make_food() -> Callable[..., Food]:
    """A sound food with the given fields replaced."""
    return lambda **changes: dataclasses.replace(_FOOD, **changes)


@pytest.fixture
def make_recipe() -> Callable[..., Recipe]:
    """A sound recipe, of the food that `make_food` makes, with the given fields replaced."""
    return lambda **changes: dataclasses.replace(_RECIPE, **changes)


@pytest.fixture
def make_tsv() -> Callable[..., str]:
    """A food table file of one line, with the given cells replaced."""
    return lambda **changes: "\n".join(("\t".join(COLUMNS), "\t".join((_CELLS | changes).values()), ""))

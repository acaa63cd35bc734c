"""The catalogue is checked as a whole, and what identifies it depends on its content alone."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Final

import pytest

from mealplanner.food.catalogue import CatalogueError, build_catalogue, load_catalogue, recipe_id
from mealplanner.food.findings import Finding
from mealplanner.food.table import load_foods
from mealplanner.planner.alarms import alarms
from mealplanner.planner.model import KINDS, MAIN, Food, Ingredient, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, refusal

_PRINT_VERSION: Final = """
from mealplanner.food.catalogue import build_catalogue
from mealplanner.food.table import load_foods
print(build_catalogue(load_foods(), []).version)
"""


def test_the_catalogue_of_the_package_is_sound() -> None:
    """It loads, which it does only without findings, and has recipes, each with a slug of its own."""
    catalogue = load_catalogue()
    slugs = [recipe.slug for recipe in catalogue.recipes]
    assert slugs
    assert slugs == sorted(set(slugs))


@pytest.mark.parametrize("rule", sorted({*DIETS, *RESTRICTIONS}))
def test_no_dish_sounds_like_something_that_its_foods_are_not(rule: str) -> None:
    """The second alarm is silent for every dish that the proof admits: the words agree with the table."""
    catalogue = load_catalogue()
    admitted = [recipe for recipe in catalogue.recipes if refusal(recipe, catalogue.foods, [rule]) is None]
    assert admitted
    assert {recipe.slug: found for recipe in admitted if (found := alarms(recipe, [rule]))} == {}


def test_there_is_enough_to_choose_from() -> None:
    """Breakfasts, mains and snacks; two fifths of the dishes vegan, and 60 % free of gluten."""
    catalogue = load_catalogue()
    assert len(catalogue.foods) >= 300
    assert len(catalogue.recipes) >= 800
    for kind in KINDS:
        assert sum(kind in recipe.kinds for recipe in catalogue.recipes) >= 120
    for rule, share in (("vegan", 0.4), ("gluten-free", 0.6)):
        suits = [recipe for recipe in catalogue.recipes if refusal(recipe, catalogue.foods, [rule]) is None]
        assert len(suits) >= share * len(catalogue.recipes)


def test_the_version_is_the_same_in_every_process() -> None:
    """Another worker, whose sets are ordered in another way, computes the same version."""
    command = [sys.executable, "-c", _PRINT_VERSION]
    other = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert other.stdout.strip() == build_catalogue(load_foods(), []).version


def test_the_version_follows_the_content(make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]) -> None:
    """A changed figure, trait, gram or step is another version; another order of the same is not."""
    food, other_food = make_food(), make_food(id="other")
    soup, stew = make_recipe(), make_recipe(slug="stew")

    def version(foods: tuple[Food, ...], *recipes: Recipe) -> str:
        return build_catalogue({item.id: item for item in foods}, recipes).version

    base = version((food, other_food), soup, stew)
    assert version((other_food, food), stew, soup) == base
    assert version((make_food(salt_g=1), other_food), soup, stew) != base
    assert version((make_food(may_contain=frozenset({"soy"})), other_food), soup, stew) != base
    assert version((make_food(traces=frozenset({"soy"})), other_food), soup, stew) != base
    assert version((food, other_food), make_recipe(minutes=31), stew) != base
    assert version((food, other_food), soup) != base


def test_equal_recipes_have_equal_ids(make_recipe: Callable[..., Recipe]) -> None:
    """An id is derived, never drawn."""
    assert recipe_id(make_recipe()) == recipe_id(make_recipe())


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "other"},
        {"title": "Other soup"},
        {"kinds": frozenset({"main", "snack"})},
        {"minutes": 31},
        {"ingredients": (Ingredient(food_id="red-lentils", grams=121),)},
        {"steps": ("Warm it up in the microwave.",)},
    ],
)
def test_a_changed_recipe_has_another_id(make_recipe: Callable[..., Recipe], changes: dict[str, object]) -> None:
    """A menu that was made from the old one keeps pointing at it."""
    assert recipe_id(make_recipe(**changes)) != recipe_id(make_recipe())


def test_the_error_lists_all_findings() -> None:
    """The author of a recipe sees all of its defects at once."""
    error = CatalogueError([Finding("a.txt:1", "no ingredients"), Finding("b.txt:9", "0 minutes")])
    assert str(error) == "a.txt:1: no ingredients\nb.txt:9: 0 minutes"
    assert len(error.findings) == 2


def test_dishes_are_salted_with_restraint() -> None:
    """In grams for 2,000 kcal: half of them hold less than the 5 g a day that the WHO advises.

    Dishes whose salt is not known in full, since a source gives none for one of their foods, are left out.
    """
    catalogue = load_catalogue()
    every = [
        sum(catalogue.foods[item.food_id].salt_g * item.grams / 100 for item in dish.ingredients)
        / nutrients(dish, catalogue.foods).kcal
        * 2000
        for dish in catalogue.recipes
    ]
    salt = [grams for grams in every if not math.isnan(grams)]
    assert len(salt) > 0.8 * len(every)
    assert statistics.median(salt) < 4.5
    assert statistics.mean(salt) < 5.3


@pytest.mark.parametrize(
    ("proteins", "least"),
    [
        ("chicken turkey", 60),
        ("beef lamb", 35),
        ("pork", 30),
        ("fish seafood", 60),
        ("tofu tempeh seitan soy lupin", 60),
    ],
)
def test_mains_are_balanced_between_meat_fish_and_what_stands_in_for_them(proteins: str, least: int) -> None:
    mains = [dish for dish in load_catalogue().recipes if MAIN in dish.kinds]
    assert sum(dish.main_protein in proteins.split() for dish in mains) >= least


def test_eggs_are_whole_and_no_plate_but_a_soup_is_heavier_than_900_g() -> None:
    dishes = load_catalogue().recipes
    eggs = {dish.slug: item.grams * dish.makes for dish in dishes for item in dish.ingredients if item.food_id == "egg"}
    assert {slug for slug, grams in eggs.items() if grams % 50} == set()
    heavy = {dish.slug for dish in dishes if sum(item.grams for item in dish.ingredients) > 900}
    assert {slug for slug in heavy if not {"soup", "pozole"} & set(slug.split("-"))} == set()

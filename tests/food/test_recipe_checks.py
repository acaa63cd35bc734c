"""Each check of a recipe catches the defect it is there for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mealplanner.food.recipe_checks import check_recipe, check_recipes
from mealplanner.food.recipes import Written
from mealplanner.planner.model import Food, Ingredient, Nutrients, Recipe


@pytest.fixture
def check(make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]) -> Callable[..., list[str]]:
    """The problems of the sound recipe after the given changes, over a table of a few foods."""
    oil = make_food(id="oil", aisle="oils-fats", contains=frozenset(), per_100g=Nutrients(884, 0, 0, 100))
    water = make_food(id="water", aisle="drinks", contains=frozenset(), per_100g=Nutrients())
    spice = make_food(id="cumin", aisle="herbs-spices", state="dried", contains=frozenset())
    salt = make_food(id="salt", aisle="herbs-spices", contains=frozenset(), per_100g=Nutrients())
    tofu = make_food(id="tofu", aisle="soy-protein", contains=frozenset({"soy", "legume"}))
    foods = {food.id: food for food in (make_food(), oil, water, spice, salt, tofu)}
    return lambda **changes: list(check_recipe(make_recipe(**changes), foods))


def of(*amounts: tuple[float, str]) -> tuple[Ingredient, ...]:
    return tuple(Ingredient(food_id=food_id, grams=grams) for grams, food_id in amounts)


def test_a_sound_recipe_passes(check: Callable[..., list[str]]) -> None:
    """The recipe that the defects below are made from has none."""
    assert check() == []


@pytest.mark.parametrize(
    ("defect", "problem"),
    [
        ({"kinds": frozenset({"main", "brunch"})}, "unknown kind 'brunch', expected some of breakfast, main, snack"),
        ({"minutes": 0}, "0 minutes, expected 1 to 240"),
        ({"minutes": 241}, "241 minutes, expected 1 to 240"),
        ({"steps": ("Cook the lentils in a pot of water.",) * 2}, "2 steps, expected at least 3"),
        (
            {"steps": ("Cook the lentils in a pot of water.",) * 2 + ("Serve.",)},
            "step 3 is no full sentence: expected 20 characters or more and a full stop",
        ),
        (
            {"steps": ("Cook the lentils in a pot of water",) * 3},
            "step 1 is no full sentence: expected 20 characters or more and a full stop",
        ),
        ({"ingredients": ()}, "no ingredients"),
        ({"ingredients": of((100, "unicorn"))}, "unknown food 'unicorn'"),
        ({"ingredients": of((100, "red-lentils"), (20, "red-lentils"))}, "red-lentils 2 times, expected once"),
        (
            {"ingredients": of((100, "red-lentils"), (0, "oil"))},
            "0 g of oil, expected more than 0 and at most 40",
        ),
        (
            {"ingredients": of((100, "red-lentils"), (41, "oil"))},
            "41 g of oil, expected more than 0 and at most 40",
        ),
        (
            {"ingredients": of((100, "red-lentils"), (16, "cumin"))},
            "16 g of cumin, expected more than 0 and at most 15",
        ),
        (
            {"ingredients": of((100, "red-lentils"), (4.5, "salt"))},
            "4.5 g of salt, expected more than 0 and at most 2",
        ),
        (
            {"ingredients": of((100, "red-lentils"), (501, "water"))},
            "501 g of water, expected more than 0 and at most 500",
        ),
        ({"ingredients": of((70, "red-lentils"))}, "a main of 245 kcal, expected 250 to 1000"),
        ({"ingredients": of((290, "red-lentils"))}, "a main of 1015 kcal, expected 250 to 1000"),
        ({"kinds": frozenset({"main", "snack"})}, "a snack of 420 kcal, expected 60 to 400"),
        ({"main_protein": "tofu"}, "tofu gives 0.0 g of 30.0 g of protein"),
        ({"title": "Lentil soup with bacon"}, "says 'bacon', and no ingredient is called that"),
    ],
)
def test_a_defect_is_found(check: Callable[..., list[str]], defect: dict[str, Any], problem: str) -> None:
    """One change, and the finding that names it comes first."""
    assert check(**defect)[0] == problem


@pytest.mark.parametrize(
    ("field", "word"), [("cuisine", "martian"), ("main_protein", "plutonium"), ("appliances", frozenset({"forge"}))]
)
def test_unknown_words_are_refused_with_those_that_are_known(
    check: Callable[..., list[str]], field: str, word: object
) -> None:
    """A misspelt cuisine would otherwise be a cuisine of its own."""
    (problem,) = check(**{field: word})
    assert problem.startswith("unknown ")
    assert ", expected " in problem


def test_a_snack_may_be_made_in_two_steps(check: Callable[..., list[str]]) -> None:
    """Washing and cutting is all that some snacks need."""
    steps = ("Simmer the lentils until they are soft.", "Let them cool down and eat them.")
    assert check(kinds=frozenset({"snack"}), steps=steps, ingredients=of((100, "red-lentils"))) == []


def test_a_serving_has_a_plausible_mass(check: Callable[..., list[str]]) -> None:
    """A pot for the family is no serving."""
    pot = of((200, "red-lentils"), (500, "water"), (500, "tofu"))
    assert "a serving of 1200 g, expected 30 to 1200" not in check(ingredients=pot)
    assert "a serving of 1201 g, expected 30 to 1200" in check(ingredients=of((1, "oil")) + pot)


def test_the_main_protein_gives_a_fair_share_of_the_protein(check: Callable[..., list[str]]) -> None:
    """A spoon of tofu does not make it a tofu dish."""
    spoon, block = of((100, "red-lentils"), (15, "tofu")), of((100, "red-lentils"), (20, "tofu"))
    assert check(main_protein="tofu", ingredients=spoon) == ["tofu gives 3.8 g of 28.8 g of protein"]
    assert check(main_protein="tofu", ingredients=block) == []


def test_a_step_may_name_what_is_in_the_dish(check: Callable[..., list[str]]) -> None:
    """The alarm is for foods that the ingredients do not list."""
    steps = ("Fry the lentils and the soy curd.", "Add water and simmer for 20 minutes.", "Season and serve it hot.")
    assert check(steps=steps) == ["says 'soy', and no ingredient is called that"]
    assert check(steps=steps, ingredients=of((80, "red-lentils"), (20, "tofu"))) == []


def test_slugs_and_titles_are_told_apart(make_food: Callable[..., Food], make_recipe: Callable[..., Recipe]) -> None:
    """A second recipe with the slug or the title of the first is found, also in other capitals."""
    again = [make_recipe(), make_recipe(title="Dal"), make_recipe(slug="dal", title="LENTIL SOUP")]
    written = [Written(f"s.txt:{number}", recipe) for number, recipe in enumerate(again)]
    assert [str(finding) for finding in check_recipes(written, {"red-lentils": make_food()})] == [
        "s.txt:1: the slug 'lentil-soup' of another recipe",
        "s.txt:2: the title 'lentil soup' of another recipe",
    ]

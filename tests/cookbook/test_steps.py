"""The ingredients of a step."""

from __future__ import annotations

import pytest

from mealplanner.cookbook.steps import foods_of_step
from mealplanner.food.catalogue import load_catalogue

CATALOGUE = load_catalogue()
FOODS = CATALOGUE.foods


@pytest.mark.parametrize(
    ("step", "named"),
    [
        ("Fry the red pepper.", {"pepper-red"}),
        ("Season with pepper.", {"black-pepper", "pepper-red"}),
        ("Boil the rice.", {"rice-basmati-dry"}),
        ("Toast the spices and add the salt.", {"cumin", "black-pepper", "salt"}),
        ("Fry it in the oil.", {"olive-oil"}),
        (
            "Blend everything until smooth.",
            {"pepper-red", "black-pepper", "rice-basmati-dry", "cumin", "salt", "olive-oil"},
        ),
        ("Toss until everything is hot.", set()),
        ("Heat the oven to 200 C.", set()),
    ],
)
def test_a_step_takes_what_it_names(step: str, named: set[str]) -> None:
    """By the longest name, by the kind of food, or by a word for several."""
    foods = ["pepper-red", "black-pepper", "rice-basmati-dry", "cumin", "salt", "olive-oil"]
    assert foods_of_step(step, foods, FOODS) == named


@pytest.mark.parametrize(
    ("step", "foods"),
    [
        ("Add the chopped onion, green pepper and celery.", {"onion", "spring-onion", "pepper-green", "celery"}),
        ("Toss the beans, olives, oil and cayenne.", {"lupin-beans-cooked", "olives-green", "olive-oil", "cayenne"}),
        ("Add the cayenne, pepper and miso.", {"cayenne", "black-pepper", "miso"}),
        ("Stir in the grated apple, vinegar and cloves.", {"apple", "cider-vinegar", "cloves"}),
        ("Cook it in a lightly oiled pan.", {"olive-oil"}),
    ],
)
def test_a_name_ends_where_the_next_one_begins(step: str, foods: set[str]) -> None:
    """Two foods beside each other, as “apple, vinegar”, are not a third one."""
    assert foods_of_step(step, foods, FOODS) == foods


def test_hardly_an_ingredient_of_the_catalogue_is_named_in_no_step() -> None:
    """So what stands beside the steps is what the dish is made of."""
    missing, total = 0, 0
    for recipe in CATALOGUE.recipes:
        foods = {item.food_id for item in recipe.ingredients}
        named = {food for step in recipe.steps for food in foods_of_step(step, foods, FOODS)}
        missing, total = missing + len(foods - named), total + len(foods)
    assert missing < total / 300

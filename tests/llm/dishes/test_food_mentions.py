"""Titles and steps that name what a person does not eat."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.match import read_dislikes
from mealplanner.llm.dishes.food_mentions import disliked_title, forbidden_mentions
from mealplanner.planner.restrictions import refusal
from tests.llm.dishes.briefs import ALL_DIETS, brief_for


def mentions(text: str, *used: str, **wishes: Any) -> tuple[str, ...]:
    """Return the forbidden names in `text` for a dish of the foods `used`."""
    brief = brief_for(**wishes)
    return forbidden_mentions([text], brief, [brief.foods[food_id] for food_id in used])


@pytest.mark.parametrize(
    ("diet", "text", "found"),
    [
        ("vegan", "Chicken and beans", "chicken"),
        ("vegan", "Beans in chicken stock", "chicken stock"),
        ("vegan", "Fry the eggs in it.", "egg"),
        ("vegan", "Drizzle it with HONEY.", "honey"),
        ("vegan", "P\u00e2t\u00e9 of ch\u00ecckens", "chicken"),
        ("vegan", "Carve the r\u00e0bbits and the g\u00f6ose.", "goose"),
        ("pescatarian", "Fold in the prosciutto.", "prosciutto"),
        ("halal", "Deglaze it with white wine.", "white wine"),
        ("dairy-free", "Scatter Parmesan over it.", "parmesan"),
        ("gluten-free", "Serve it with couscous.", "couscous"),
    ],
)
def test_names_of_foods_that_are_not_eaten_are_found(diet: str, text: str, found: str) -> None:
    """In any case, with any accents, in singular and plural."""
    assert found in mentions(text, diet=diet)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Pour in the coconut milk, then more of the milk.", ["coconut-milk-canned"]),
        ("Roast the butternut squash and the eggplant.", ["butternut-squash"]),
        ("Spread the peanut butter; the butter softens.", ["peanut-butter"]),
        ("Stir in the vegetable stock and simmer the stock.", ["vegetable-stock"]),
        ("Toast the seeds, roll the dough and fry the wrap.", ["pumpkin-seeds"]),
        ("Crumble the oyster mushrooms.", ["mushrooms-oyster"]),
    ],
)
def test_innocent_names_are_not_reported(text: str, used: list[str]) -> None:
    """Plants that share a word with an animal food, and verbs of cooking."""
    assert mentions(text, *used, diet="vegan") == ()


def test_names_of_allergens_and_dislikes_are_found_too() -> None:
    assert mentions("Scatter the peanuts.", restrictions=frozenset({"peanuts"})) == ("peanut",)
    assert mentions("Slice the kale.", disliked_foods=frozenset({"kale"})) == ("kale",)
    assert mentions("Slice the kale.") == ()


@pytest.mark.parametrize("typed", ["Poultry", "no fish, seafood or poultry"])
def test_dislikes_are_found_as_they_were_typed(typed: str) -> None:
    """Including a word for many foods that is the name of none."""
    wishes: dict[str, Any] = {
        "dislikes": [typed],
        "disliked_foods": read_dislikes([typed], load_catalogue().foods).foods,
    }
    assert mentions("Serve it with the poultry.", **wishes) == ("poultry",)
    assert mentions("Serve it with the rice.", **wishes) == ()


@pytest.mark.parametrize(("title", "says"), [("Tomato soup", True), ("Soups", True), ("Souped-up rice", False)])
def test_dislikes_that_are_not_foods_count_in_titles(title: str, says: bool) -> None:
    """A person who dislikes soup gets no dish that is called one."""
    assert disliked_title(title, brief_for(dislikes=["soup"])) is says


@pytest.mark.parametrize("diet", ALL_DIETS)
def test_dishes_of_the_catalogue_are_rarely_refused(diet: str) -> None:
    """Of the dishes that a diet allows, at most 8 % would be refused."""
    catalogue, brief = load_catalogue(), brief_for(diet=diet)
    allowed = [recipe for recipe in catalogue.recipes if refusal(recipe, catalogue.foods, [diet]) is None]
    refused = [
        recipe.slug
        for recipe in allowed
        if forbidden_mentions(
            (recipe.title, *recipe.steps), brief, [catalogue.foods[item.food_id] for item in recipe.ingredients]
        )
    ]
    assert len(refused) <= 0.08 * len(allowed), refused

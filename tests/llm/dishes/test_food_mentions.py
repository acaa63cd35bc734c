"""Titles and steps that name what somebody does not eat."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.match import match_foods
from mealplanner.llm.dishes.food_mentions import disliked_title, forbidden_mentions
from mealplanner.planner.restrictions import refusal
from tests.llm.dishes.briefs import ALL_DIETS, brief_for


def mentions(text: str, *used: str, **wishes: Any) -> tuple[str, ...]:
    """What `text` names in a dish of the foods `used`."""
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
def test_what_is_not_eaten_rings(diet: str, text: str, found: str) -> None:
    """A name of a food that is off the list, whatever its case, accents and number."""
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
def test_innocents_are_silent(text: str, used: list[str]) -> None:
    """Plants that share a word with an animal food, and what cooks do."""
    assert mentions(text, *used, diet="vegan") == ()


def test_allergens_and_dislikes_ring_too() -> None:
    """Whatever the reason is that a food is off the list."""
    assert mentions("Scatter the peanuts.", restrictions=frozenset({"peanuts"})) == ("peanut",)
    assert mentions("Slice the kale.", disliked_foods=frozenset({"kale"})) == ("kale",)
    assert mentions("Slice the kale.") == ()


@pytest.mark.parametrize("typed", ["Poultry", "no fish, seafood or poultry"])
def test_what_people_typed_rings_as_they_typed_it(typed: str) -> None:
    """Also a word for many foods that none of them is called."""
    wishes: dict[str, Any] = {"dislikes": [typed], "disliked_foods": match_foods(typed, load_catalogue().foods)}
    assert mentions("Serve it with the poultry.", **wishes) == ("poultry",)
    assert mentions("Serve it with the rice.", **wishes) == ()


@pytest.mark.parametrize(("title", "says"), [("Tomato soup", True), ("Soups", True), ("Souped-up rice", False)])
def test_words_that_are_no_foods_count_in_titles(title: str, says: bool) -> None:
    """Who dislikes soup gets nothing that calls itself one."""
    assert disliked_title(title, brief_for(dislikes=["soup"])) is says


@pytest.mark.parametrize("diet", ALL_DIETS)
def test_the_catalogue_rarely_rings(diet: str) -> None:
    """Sound dishes written by people pass: of those that a diet allows, 7 % at most would be asked for again."""
    catalogue, brief = load_catalogue(), brief_for(diet=diet)
    allowed = [recipe for recipe in catalogue.recipes if refusal(recipe, catalogue.foods, [diet]) is None]
    rung = [
        recipe.slug
        for recipe in allowed
        if forbidden_mentions(
            (recipe.title, *recipe.steps), brief, [catalogue.foods[item.food_id] for item in recipe.ingredients]
        )
    ]
    assert len(rung) <= 0.07 * len(allowed), rung

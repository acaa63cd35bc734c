"""No two dishes of the catalogue are the same one under two names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.spelling import words
from mealplanner.planner.model import Ingredient, Recipe

SMALL_WORDS: Final = frozenset({"and", "in", "of", "on", "the", "with"})


def alike(dishes: Sequence[Recipe]) -> Iterator[tuple[str, str]]:
    """Yield the dishes that are made alike and called alike: of one kind and main protein, with two thirds of their
    foods and three fifths of their grams in common, and over half of the words of the shorter title."""
    for one, other in combinations(dishes, 2):
        if one.kinds & other.kinds and one.main_protein == other.main_protein:
            ours, theirs = _shares(one), _shares(other)
            grams = sum(min(ours[food], theirs[food]) for food in ours.keys() & theirs.keys())
            foods = len(ours.keys() & theirs.keys()) / len(ours.keys() | theirs.keys())
            if grams >= 3 / 5 and foods >= 2 / 3 and _same_words(one.title, other.title) > 1 / 2:
                yield one.slug, other.slug


def _shares(dish: Recipe) -> dict[str, float]:
    """What part of a dish's grams each food is; water counts for nothing."""
    grams = {item.food_id: item.grams for item in dish.ingredients if item.food_id != "water"}
    return {food: part / sum(grams.values()) for food, part in grams.items()}


def _same_words(*titles: str) -> float:
    one, other = (set(words(title)) - SMALL_WORDS for title in titles)
    return len(one & other) / min(len(one), len(other))


def test_no_dish_stands_twice_in_the_catalogue() -> None:
    assert list(alike(load_catalogue().recipes)) == []


def test_a_dish_that_was_only_varied_a_little_is_found(make_recipe: Callable[..., Recipe]) -> None:
    def salad(slug: str, title: str, **grams: int) -> Recipe:
        food = tuple(Ingredient(food_id=food, grams=amount) for food, amount in grams.items())
        return make_recipe(slug=slug, title=title, ingredients=food)

    dish = salad("dish", "Lentil salad with feta", lentils=150, feta=50, onion=30)
    varied = salad("varied", "Green lentil salad with feta", lentils=120, feta=40, onion=40, parsley=10)
    assert list(alike([dish, varied])) == [("dish", "varied")]
    assert list(alike([dish, salad("soup", "Soup of lentils", lentils=120, feta=40, onion=40)])) == []
    assert list(alike([dish, salad("mostly", "Lentil salad with feta", lentils=20, feta=90, onion=190)])) == []

"""The words of the second proof: every rule has some, they find what they are for, and no exception is idle."""

from __future__ import annotations

import pytest

from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from tests.second_proof.dishes import names
from tests.second_proof.dislikes import TYPED, is_disliked
from tests.second_proof.foods import has_words, sounding, sounds_like, table
from tests.second_proof.words import FAMILIES, INNOCENT, RULES

ABSENT = {"insects"}
"""Families of which the food table has nothing."""


def test_every_diet_and_restriction_is_said_in_words() -> None:
    assert RULES.keys() == DIETS.keys() | RESTRICTIONS.keys()
    assert {family for families in RULES.values() for family in families} == FAMILIES.keys()


def test_every_family_finds_foods() -> None:
    found = {family for family in FAMILIES for row in table().values() if sounds_like(family, *names(row))}
    assert found == FAMILIES.keys() - ABSENT


@pytest.mark.parametrize(("family", "phrases"), [(one, phrases) for one in INNOCENT for phrases in INNOCENT[one]])
def test_every_exception_is_needed(family: str, phrases: str) -> None:
    """Each excuses a food that would be found without it."""
    for phrase in phrases.split("|"):
        called = [names(row) for row in table().values() if has_words(phrase, row["name"])]
        assert any(has_words(FAMILIES[family], name) for food in called for name in food), phrase


@pytest.mark.parametrize(
    ("rule", "food_id"),
    [
        ("vegetarian", "lard"),
        ("vegetarian", "worcestershire-sauce"),
        ("vegetarian", "parmesan"),
        ("vegetarian", "gelatine"),
        ("pescatarian", "chicken-stock"),
        ("vegan", "honey"),
        ("vegan", "ghee"),
        ("vegan", "egg-noodles-dry"),
        ("gluten-free", "couscous-dry"),
        ("gluten-free", "oats-steel-cut"),
        ("dairy-free", "butter"),
        ("halal", "wine-red"),
        ("halal", "pancetta"),
        ("kosher", "prawns"),
        ("kosher", "catfish"),
        ("paleo", "black-beans-cooked"),
        ("paleo", "sugar-white"),
        ("tree-nuts", "almond-butter"),
        ("molluscs", "oyster-sauce"),
        ("sesame", "tahini"),
        ("beef", "suet-shredded"),
        ("mustard", "mustard"),
        ("celery", "vegetable-stock"),
        ("soy", "miso"),
        ("wheat", "seitan"),
    ],
)
def test_a_food_is_found_by_its_names_alone(rule: str, food_id: str) -> None:
    """Whatever its traits say."""
    assert [*sounding({**table()[food_id], "contains": "-", "may": "-", "traces": "-"}, rule)]


@pytest.mark.parametrize(
    ("rule", "food_id"),
    [
        ("vegan", "coconut-milk-canned"),
        ("vegan", "peanut-butter"),
        ("vegan", "aubergine"),
        ("vegan", "butternut-squash"),
        ("vegan", "mushrooms-oyster"),
        ("vegan", "cream-of-tartar"),
        ("vegan", "lambs-lettuce"),
        ("halal", "cider-vinegar-unfiltered"),
        ("halal", "turkey-bacon"),
        ("tree-nuts", "water-chestnuts-canned"),
        ("gluten-free", "buckwheat-flour"),
        ("gluten-free", "rice-noodles-dry"),
        ("paleo", "sweet-potato"),
    ],
)
def test_what_only_sounds_like_it_is_no_false_alarm(rule: str, food_id: str) -> None:
    assert not [*sounding(table()[food_id], rule)]


def test_every_typed_dislike_means_some_food() -> None:
    assert not [typed for typed in TYPED if not any(is_disliked(food_id, [typed]) for food_id in table())]

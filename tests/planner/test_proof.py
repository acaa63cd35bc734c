"""Why a dish may be served: the same decisions as the refusal, food by food."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.model import Ingredient
from mealplanner.planner.proof import PROMISES, prove
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, Verdict, refusal

CATALOGUE = load_catalogue()
RULES = sorted({*DIETS, *RESTRICTIONS})


@pytest.mark.parametrize("rule", RULES)
def test_the_proof_says_what_the_refusal_decides(rule: str) -> None:
    """For every dish: a rule that refuses nothing finds every food suitable, and one that refuses names its food."""
    for recipe in CATALOGUE.recipes:
        (proof,) = prove(recipe, CATALOGUE.foods, [rule])
        assert proof.refusal == refusal(recipe, CATALOGUE.foods, [rule])
        unsuitable = [check.food.id for check in proof.checks if check.verdict is not Verdict.YES]
        if proof.refusal is None:
            assert unsuitable == []
        elif unsuitable:
            assert proof.refusal.food_id == unsuitable[0]


def test_every_ingredient_is_checked_once_for_every_rule() -> None:
    recipe = next(recipe for recipe in CATALOGUE.recipes if len(recipe.ingredients) > 5)
    proofs = prove(recipe, CATALOGUE.foods, ["vegan", "milk", "vegan"])
    assert [proof.rule for proof in proofs] == ["milk", "vegan"]
    foods = list(dict.fromkeys(item.food_id for item in recipe.ingredients))
    assert all([check.food.id for check in proof.checks] == foods for proof in proofs)


def test_traces_count_for_an_allergy_and_are_told_to_the_others() -> None:
    """Oats may hold gluten by accident: that refuses them to a person who avoids gluten, and not to a paleo eater."""
    recipe = replace(CATALOGUE.recipes[0], ingredients=(Ingredient(food_id="rolled-oats", grams=60),))
    gluten, paleo = prove(recipe, CATALOGUE.foods, ["gluten", "paleo"])
    oats = {proof.rule: next(c for c in proof.checks if c.food.id == "rolled-oats") for proof in (gluten, paleo)}
    assert (gluten.minds_traces, oats["gluten"].verdict) == (True, Verdict.UNKNOWN)
    assert "gluten" in oats["gluten"].traces & oats["paleo"].traces
    assert not paleo.minds_traces


def test_a_label_has_to_say_what_the_rule_turns_on_and_nothing_else() -> None:
    """Of a stock that is free of gluten, milk and soya, gluten is what a person who avoids gluten has to look for."""
    stock = next(food for food in CATALOGUE.foods.values() if food.name.startswith("Chicken stock, gluten-free"))
    dish = replace(CATALOGUE.recipes[0], ingredients=(Ingredient(food_id=stock.id, grams=100),))
    gluten, milk, nuts = prove(dish, CATALOGUE.foods, ["gluten", "milk", "tree-nuts"])
    assert [proof.checks[0].promises for proof in (gluten, milk, nuts)] == [("gluten-free",), ("dairy-free",), ()]


def test_every_promise_in_the_name_of_a_food_is_known() -> None:
    """A name that promises something in words that are not listed would not reach the shopping notes."""
    known = set(PROMISES) | {"fat-free", "lactose-free"}
    names = (food.name.lower().replace(",", " ").split() for food in CATALOGUE.foods.values())
    words = {word for name in names for word in name}
    assert {word for word in words if word.endswith("-free") or word in {"vegan", "vegetarian"}} <= known

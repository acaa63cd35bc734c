"""Random briefs: a good model serves all of them, and no dish breaks a rule."""

from __future__ import annotations

import random
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.llm.dishes.answers import read_dish
from mealplanner.llm.dishes.ideas import Idea
from mealplanner.llm.dishes.prompts import dish_call
from mealplanner.llm.dishes.writing import NoIdeas, ask_ideas, write_dish
from mealplanner.planner.model import Ingredient, Recipe
from mealplanner.planner.restrictions import RESTRICTIONS
from tests.llm.dishes.briefs import ALL_DIETS, WANTED, Model, any_brief, brief_for
from tests.second_proof.dishes import violations
from tests.second_proof.foods import table

ROUNDS = 8
STEW = Idea(kind="main", title="Sunny stew", cuisine="indian", main_protein="vegetables")


@pytest.mark.parametrize("diet", ALL_DIETS)
def test_a_good_model_serves_every_diet(diet: str) -> None:
    """Each idea becomes a new dish, whatever else a person avoids."""
    rng = random.Random(diet)
    served = []
    for _ in range(ROUNDS):
        brief, model = any_brief(rng, diet), Model()
        ideas = ask_ideas(model, brief, WANTED)
        assert isinstance(ideas, tuple)
        assert {kind: sum(idea.kind == kind for idea in ideas) for kind in WANTED} == WANTED
        for idea in ideas:
            dish = write_dish(model, brief, idea)
            assert isinstance(dish, Recipe), (brief.request, idea, dish)
            assert violations(dish, brief.request) == []
            assert (dish.kinds, dish.cuisine, dish.main_protein) == ({idea.kind}, idea.cuisine, idea.main_protein)
            served.append(dish)
    known = {recipe.ingredients for recipe in load_catalogue().recipes}
    assert not any(dish.ingredients in known for dish in served), "they are new dishes"
    assert len({dish.slug for dish in served}) == len(served)


@pytest.mark.parametrize("rule", sorted({*ALL_DIETS, *RESTRICTIONS}))
def test_no_food_of_the_table_slips_through(rule: str) -> None:
    """Under innocent words, each food of the table is refused if and only if the rule forbids it."""
    brief = brief_for(**{"diet": rule} if rule in ALL_DIETS else {"restrictions": frozenset({rule})})
    for food_id in table():
        read = read_dish(value(food_id), brief, STEW)
        against = violations(as_recipe(value(food_id)), brief.request)
        refused = isinstance(read, tuple) and any(finding.reason == "food" for finding in read)
        assert refused is bool(against), (food_id, read, against)


def test_dislikes_are_as_binding_as_a_diet() -> None:
    assert isinstance(read_dish(value("onion"), brief_for(), STEW), Recipe)
    read = read_dish(value("onion"), brief_for(disliked_foods=frozenset({"onion"})), STEW)
    assert isinstance(read, tuple)
    assert read[0].text == "'onion' is not among the foods of the document; take one that is."


def test_a_brief_without_any_food_can_be_asked_for() -> None:
    """Even if no food is left there are questions, but no dish."""
    brief = brief_for(disliked_foods=frozenset(table()))
    assert isinstance(ask_ideas(Model(), brief, WANTED), NoIdeas)
    assert isinstance(read_dish(value("onion"), brief, STEW), tuple)
    assert dish_call(brief, STEW).schema["properties"]["ingredients"]["items"]["properties"]["food"] == {
        "type": "string"
    }


def value(food_id: str) -> dict[str, Any]:
    """Return an answer with a food that its words do not name."""
    foods = {"kale": 250, "olive-oil": 40, "cauliflower": 100, food_id: 10}
    return {
        "title": "Sunny stew",
        "ingredients": [{"food": food, "grams": grams} for food, grams in foods.items()],
        "steps": ["Cut everything into small pieces.", "Cook it all for ten minutes.", "Serve it warm in a bowl."],
        "minutes": 15,
        "appliances": ["stove"],
    }


def as_recipe(answer: dict[str, Any]) -> Recipe:
    """Return an answer as a dish, unchecked."""
    return Recipe(
        slug="stew",
        title=answer["title"],
        kinds=frozenset({"main"}),
        cuisine="indian",
        main_protein="vegetables",
        minutes=answer["minutes"],
        appliances=frozenset(answer["appliances"]),
        ingredients=tuple(Ingredient(food_id=item["food"], grams=item["grams"]) for item in answer["ingredients"]),
        steps=tuple(answer["steps"]),
    )

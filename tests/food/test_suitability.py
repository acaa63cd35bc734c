"""Why a dish does not suit a person."""

from __future__ import annotations

from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.suitability import Unsuitable, unsuitable
from mealplanner.food.vocabulary import APPLIANCES
from mealplanner.planner.model import Ingredient, Nutrients, PlanRequest, Recipe
from mealplanner.planner.pool import open_pool
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.planner.targets import day_slots

CATALOGUE = load_catalogue()
FOODS = CATALOGUE.foods


def dish(*foods: str, minutes: int = 20, appliances: tuple[str, ...] = ("stove",)) -> Recipe:
    """Return a dish of these foods."""
    return Recipe(
        slug="dish", title="A dish", kinds=frozenset({"main"}), cuisine="italian", main_protein="beans",
        minutes=minutes, appliances=frozenset(appliances), steps=(),
        ingredients=tuple(Ingredient(food_id=food, grams=100) for food in foods),
    )  # fmt: skip


def person(**wishes: Any) -> PlanRequest:
    """Return the request of a person with a stove and 45 minutes."""
    slots = day_slots({"breakfast": "08:00", "lunch": "12:30"}, 1)
    wishes = {"appliances": frozenset({"stove"}), **wishes}
    return PlanRequest(target=Nutrients(2000, 100, 250, 67), slots=slots, days=1, seed=0, **wishes)


@pytest.mark.parametrize(
    ("foods", "wishes", "reason"),
    [
        (["egg"], {"diet": "vegan"}, "Not vegan: it has egg."),
        (["egg"], {"restrictions": frozenset({"eggs"})}, "Contains eggs: egg."),
        (["walnuts"], {"restrictions": frozenset({"tree-nuts"})}, "Contains tree nuts: walnuts."),
        (
            ["rolled-oats"],
            {"diet": "gluten-free"},
            "We can't be sure that it is gluten-free (rolled oats), so we leave it out.",
        ),
        (["soy-sauce"], {"diet": "halal"}, "We can't be sure that it is halal (soy sauce), so we leave it out."),
        (
            ["chicken-breast", "feta-vegetarian"],
            {"diet": "kosher"},
            "Not kosher: it has meat together with feta-style cheese.",
        ),
        (["sugar-white"], {"diet": "keto"}, "Too much carbohydrate for keto, mostly from white sugar."),
        (["egg"], {"disliked_foods": frozenset({"egg"})}, "Has egg, which you'd rather not eat."),
        (["egg"], {"ratings": {"dish": -1}}, "You said “never again”."),
        (["a-food-that-is-not-there"], {}, "We don't know everything that is in it, so we leave it out."),
    ],
)
def test_the_reason_names_what_stands_in_the_way(foods: list[str], wishes: dict[str, Any], reason: str) -> None:
    """The food and the rule, in words."""
    assert unsuitable(dish(*foods), person(**wishes), FOODS) == Unsuitable(reason)


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        (dish("egg", appliances=("oven",)), "Needs an oven."),
        (dish("egg", appliances=("food-processor", "stove")), "Needs a food processor."),
        (dish("egg", minutes=90), "Takes 1 h 30 min; you asked for 45 min at most."),
    ],
)
def test_time_and_appliances_are_no_verdict_for_ever(recipe: Recipe, reason: str) -> None:
    found = unsuitable(recipe, person(), FOODS)
    assert found is not None
    assert (found.reason.replace("\N{NO-BREAK SPACE}", " "), found.could_be) == (reason, True)


@pytest.mark.parametrize("rule", [*DIETS, *RESTRICTIONS])
def test_it_is_the_planner_that_decides(rule: str) -> None:
    """A dish has a reason exactly if the planner leaves it out, for a rule with dislikes and a rating."""
    rated = {CATALOGUE.recipes[7].slug: -1}
    wishes = {"disliked_foods": frozenset({"olive-oil"}), "ratings": rated, "appliances": frozenset([*APPLIANCES][:4])}
    rules = {"diet": rule} if rule in DIETS else {"restrictions": frozenset({rule})}
    request = person(**wishes, **rules)
    admitted = {found.recipe.slug for found in open_pool(request, CATALOGUE.recipes, FOODS).admitted()}
    assert {one.slug for one in CATALOGUE.recipes if unsuitable(one, request, FOODS) is None} == admitted

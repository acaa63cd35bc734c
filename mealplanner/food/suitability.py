"""Why a dish does not suit a person, in a sentence. Pure.

The planner decides, by the filters of `planner.pool` and the proof of `planner.restrictions`; here it is put in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mealplanner.food.vocabulary import APPLIANCES
from mealplanner.food.wording import inside_a_sentence
from mealplanner.planner.meat_or_fish import NEVER, is_unwanted
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.planner.nutrition import is_known
from mealplanner.planner.pool import rules
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS, Refusal, Verdict, refusal, suits
from mealplanner.presentation.formatting import duration

_IN_SHORT: Final = {"gluten": "gluten", "meat": "meat"}
"""Restrictions whose words in the preferences are too long for a sentence."""


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """Why a dish is not served, and whether it could be: a matter of time or of an appliance, not of what is in it."""

    reason: str
    could_be: bool = False


def unsuitable(recipe: Recipe, request: PlanRequest, foods: Mapping[str, Food]) -> Unsuitable | None:
    """Return the weightiest reason why `recipe` is not served to the person of `request`; None when it suits them."""
    if not is_known(recipe, foods):
        return Unsuitable("We don't know everything that is in it, so we leave it out.")
    if found := refusal(recipe, foods, rules(request)):
        return forbidden(found, foods)
    return unwanted(recipe, request, foods)


def forbidden(found: Refusal, foods: Mapping[str, Food]) -> Unsuitable:
    """Return why a diet or a restriction forbids a dish, as it was found."""
    return Unsuitable(_forbidden(found, foods[found.food_id]))


def unwanted(recipe: Recipe, request: PlanRequest, foods: Mapping[str, Food]) -> Unsuitable | None:
    """Return why a dish that no rule forbids is not served all the same."""
    if request.ratings.get(recipe.slug, 0) < 0:
        return Unsuitable("You said “never again”.")
    for item in recipe.ingredients if request.disliked_foods else ():
        if item.food_id in request.disliked_foods:
            return Unsuitable(f"Has {_name(foods[item.food_id])}, which you'd rather not eat.")
    for item in recipe.ingredients if request.meat_or_fish == NEVER else ():
        if is_unwanted(request, food := foods[item.food_id]):
            return Unsuitable(f"Has {_name(food)}; you asked for no meat or fish.")
    if missing := recipe.appliances - request.appliances:
        return Unsuitable(f"Needs {_with_article(APPLIANCES[min(missing)].lower())}.", could_be=True)
    if (minutes := request.minutes_of(recipe)) > request.most_minutes:
        most = duration(request.most_minutes)
        return Unsuitable(f"Takes {duration(minutes)}; you asked for {most} at most.", could_be=True)
    return None


def _forbidden(found: Refusal, food: Food) -> str:
    name = _name(food)
    if found.rule == "keto":
        return f"Too much carbohydrate for keto, mostly from {name}."
    if found.rule in DIETS:
        if found.verdict is Verdict.UNKNOWN:
            return f"We can't be sure that it is {found.rule} ({name}), so we leave it out."
        if suits(food, found.rule) is Verdict.YES:  # alone it does: it is what stands beside it
            return f"Not {found.rule}: it has meat together with {name}."
        return f"Not {found.rule}: it has {name}."
    what = _IN_SHORT.get(found.rule, RESTRICTIONS[found.rule].lower())
    if found.verdict is Verdict.UNKNOWN:
        return f"May contain {what} ({name}), so we leave it out."
    return f"Contains {what}." if what == name else f"Contains {what}: {name}."


def _name(food: Food) -> str:
    """Return what a cook calls it: `tofu` for “Tofu, firm, calcium-set”."""
    return inside_a_sentence(food.name.partition(",")[0])


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

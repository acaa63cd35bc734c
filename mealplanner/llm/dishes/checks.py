"""Check a dish that a model wrote. Each finding is a sentence that a model can act on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from mealplanner.food.recipe_checks import check_recipe
from mealplanner.llm.dishes.brief import LONGEST_TITLE, Brief, aim, slot_norms
from mealplanner.llm.dishes.food_mentions import disliked_title, forbidden_mentions
from mealplanner.llm.dishes.plain_text import text_problem
from mealplanner.planner.limits import WINDOWS, energy_gap
from mealplanner.planner.model import Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.pool import rules
from mealplanner.planner.restrictions import Verdict, refusal

MOST_INGREDIENTS: Final = 20
MOST_STEPS: Final = 10
LONGEST_STEP: Final = 400

Reason = Literal["shape", "food", "words", "kitchen", "recipe", "empty", "unreadable", "rejected", "cut_off"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an answer: `text` tells the model, `reason` is what pages explain in words of our own."""

    reason: Reason
    text: str


def check_dish(recipe: Recipe, brief: Brief) -> Iterator[Finding]:
    """Yield all that is wrong with `recipe` for `brief`, the gravest first."""
    yield from _foods(recipe, brief)
    yield from _kitchen(recipe, brief)
    wording = tuple(_texts(recipe))
    yield from wording
    if not wording:  # what follows reads every word, so only texts of limited length
        yield from _mentions(recipe, brief)
        yield from (Finding("recipe", _sentence(problem)) for problem in check_recipe(recipe, brief.foods))
        yield from _energy(recipe, brief)


def _foods(recipe: Recipe, brief: Brief) -> Iterator[Finding]:
    """Check the closed list, then the proof, which also knows what must not be eaten together."""
    allowed = {food.id for food in brief.allowed}
    strange = [item.food_id for item in recipe.ingredients if item.food_id not in allowed]
    for food_id in strange:
        yield Finding("food", f"{quoted(food_id)} is not among the foods of the document; take one that is.")
    refused = None if strange else refusal(recipe, brief.foods, rules(brief.request))
    if refused and refused.rule == "keto":
        yield Finding("food", f"Too much carbohydrate for keto, most of it from {refused.food_id}; use less of it.")
    elif refused:
        may = "holds" if refused.verdict is Verdict.NO else "may hold"
        yield Finding("food", f"{refused.food_id} {may} what {refused.rule} forbids in this dish; take something else.")


def _texts(recipe: Recipe) -> Iterator[Finding]:
    if problem := text_problem(recipe.title, LONGEST_TITLE):
        yield Finding("words", f"The title {problem}.")
    for number, step in enumerate(recipe.steps, start=1):
        if problem := text_problem(step, LONGEST_STEP):
            yield Finding("words", f"Step {number} {problem}.")


def _mentions(recipe: Recipe, brief: Brief) -> Iterator[Finding]:
    listed = {item.food_id for item in recipe.ingredients}
    used = [food for food in brief.allowed if food.id in listed]
    for name in forbidden_mentions((recipe.title, *recipe.steps), brief, used):
        yield Finding("words", f"The title or a step says {name!r}, which the eater does not eat and no ingredient is.")
    if disliked_title(recipe.title, brief):
        yield Finding("words", "The title says something from the dislikes; make another dish.")


def _kitchen(recipe: Recipe, brief: Brief) -> Iterator[Finding]:
    request = brief.request
    for appliance in sorted(recipe.appliances - request.appliances):
        yield Finding("kitchen", f"The eater has no {quoted(appliance)}; do without it.")
    if recipe.minutes > request.minutes_per_meal:
        yield Finding("kitchen", f"It takes {recipe.minutes} minutes; there are {request.minutes_per_meal}.")


def _energy(recipe: Recipe, brief: Brief) -> Iterator[Finding]:
    """Check that some portion of it fits a meal of the day: the dish could not be served otherwise."""
    if not recipe.ingredients or any(item.food_id not in brief.foods for item in recipe.ingredients):
        return
    kcal = nutrients(recipe, brief.foods).kcal
    for kind in sorted(recipe.kinds):
        if all(energy_gap(kcal, norm) > WINDOWS[0] for norm in slot_norms(brief.request, kind)):
            yield Finding("recipe", f"A serving holds {kcal:.0f} kcal; aim for {aim(brief, kind).kcal:.0f}.")


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:LONGEST_STEP]}."


def quoted(text: str) -> str:
    """Return a short piece of what a model said, in plain letters, to quote it to that model."""
    plain = "".join(letter for letter in text if letter.isascii() and letter.isprintable())
    return repr(plain if len(plain) <= 40 else f"{plain[:40]}...")

"""What must hold for every recipe. Pure: each check takes a recipe and the foods and returns what it found wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mealplanner.food.findings import Finding
from mealplanner.food.lead_time import lead_time_problems
from mealplanner.food.match import food_index
from mealplanner.food.recipes import Written
from mealplanner.food.spelling import words
from mealplanner.food.step_minutes import least_minutes
from mealplanner.food.steps import step_problems
from mealplanner.food.vocabulary import APPLIANCES, CUISINES, ENERGY_LIMITS, MAIN_PROTEINS
from mealplanner.planner.model import KINDS, SNACK, Food, Ingredient, Recipe
from mealplanner.planner.nutrition import nutrients

MOST_GRAMS: Final[Mapping[str, float]] = {"oils-fats": 40, "sweeteners": 60, "baking": 120}
"""Aisle -> most grams of one of its foods in a serving."""

MOST_GRAMS_OF_ANY: Final = 500
MOST_GRAMS_OF_SPICE: Final = 15
MOST_GRAMS_OF_SALT: Final = 2
SERVING_GRAMS: Final = (30, 1200)
MINUTES: Final = (1, 240)

LEAST_MAIN_PROTEIN_SHARE: Final = 0.15
"""What the declared main protein gives at least, as a fraction of the protein of a serving."""

ALARM_WORDS: Final = frozenset(
    {"anchovy", "bacon", "beef", "beer", "bread", "breadcrumb", "butter", "cheese", "chicken", "chorizo", "cod"}
    | {"couscous", "crab", "cream", "duck", "egg", "feta", "fish", "flour", "ghee", "ham", "honey", "lamb", "lard"}
    | {"mayonnaise", "meat", "milk", "mozzarella", "mussel", "mustard", "noodle", "nut", "parmesan", "pasta", "pesto"}
    | {"pork", "prawn", "ricotta", "salmon", "sausage", "sesame", "shrimp", "soy", "squid", "steak", "stock", "tahini"}
    | {"tofu", "tuna", "turkey", "wine", "yoghurt", "yogurt"}
)
"""Words, in the singular, that a restriction may turn on: a title or step says one only of an ingredient."""


def check_recipes(written: Sequence[Written], foods: Mapping[str, Food]) -> list[Finding]:
    """Return all defects of the recipes, in order."""
    findings = [
        Finding(item.where, problem)
        for item in written
        for problem in (*check_recipe(item.recipe, foods), *_as_the_catalogue_writes(item.recipe))
    ]
    return sorted([*findings, *_repeated(written)])


def check_recipe(recipe: Recipe, foods: Mapping[str, Food]) -> Iterator[str]:
    """Yield what is wrong with `recipe`, which may come from a model."""
    yield from _vocabulary(recipe)
    yield from _steps(recipe)
    unknown = [item.food_id for item in recipe.ingredients if item.food_id not in foods]
    yield from (f"unknown food {food_id!r}" for food_id in unknown)
    if not recipe.ingredients:
        yield "no ingredients"
    elif not unknown:
        yield from _ingredients(recipe, foods)
        yield from _serving(recipe, foods)
        yield from _main_protein(recipe, foods)
        yield from _alarms(recipe, foods)


def _vocabulary(recipe: Recipe) -> Iterator[str]:
    for kind in sorted(recipe.kinds - set(KINDS)):
        yield f"unknown kind {kind!r}, expected some of {', '.join(KINDS)}"
    if recipe.cuisine not in CUISINES:
        yield f"unknown cuisine {recipe.cuisine!r}, expected one of {', '.join(CUISINES)}"
    for appliance in sorted(recipe.appliances - set(APPLIANCES)):
        yield f"unknown appliance {appliance!r}, expected some of {', '.join(APPLIANCES)}"
    if recipe.main_protein not in MAIN_PROTEINS:
        yield f"unknown main protein {recipe.main_protein!r}, expected one of {', '.join(MAIN_PROTEINS)}"
    if not MINUTES[0] <= recipe.minutes <= MINUTES[1]:
        yield f"{recipe.minutes} minutes, expected {MINUTES[0]} to {MINUTES[1]}"


def _steps(recipe: Recipe) -> Iterator[str]:
    least = 2 if recipe.kinds == {SNACK} else 3
    if len(recipe.steps) + bool(recipe.day_before) < least:
        yield f"{len(recipe.steps)} steps, expected at least {least}"
    for number, step in enumerate(recipe.steps, start=1):
        if len(step) < 20 or not step.endswith("."):
            yield f"step {number} is no full sentence: expected 20 characters or more and a full stop"


def _as_the_catalogue_writes(recipe: Recipe) -> Iterator[str]:
    """Check what no model is asked for: the notation for what grows with the servings, and times that add up."""
    used = {item.food_id for item in recipe.ingredients}
    for number, step in enumerate(recipe.steps, start=1):
        yield from (f"step {number}: {problem}" for problem in step_problems(step, used))
    yield from (f"day-before: {problem}" for problem in step_problems(recipe.day_before, used))
    yield from lead_time_problems(recipe)
    taken = least_minutes(recipe.steps, recipe.minutes)
    if taken > recipe.minutes:
        yield f'steps of {taken:g} minutes, expected at most {recipe.minutes}, or a step that begins with "Meanwhile"'


def _ingredients(recipe: Recipe, foods: Mapping[str, Food]) -> Iterator[str]:
    for food_id, count in Counter(item.food_id for item in recipe.ingredients).items():
        if count > 1:
            yield f"{food_id} {count} times, expected once"
    for item in recipe.ingredients:
        most = _most_grams(foods[item.food_id])
        if not 0 < item.grams <= most:
            yield f"{item.grams:g} g of {item.food_id}, expected more than 0 and at most {most:g}"


def _most_grams(food: Food) -> float:
    if food.id == "salt":
        return MOST_GRAMS_OF_SALT
    if food.aisle == "herbs-spices" and food.state == "dried":
        return MOST_GRAMS_OF_SPICE
    return MOST_GRAMS.get(food.aisle, MOST_GRAMS_OF_ANY)


def _serving(recipe: Recipe, foods: Mapping[str, Food]) -> Iterator[str]:
    grams = sum(item.grams for item in recipe.ingredients)
    if not SERVING_GRAMS[0] <= grams <= SERVING_GRAMS[1]:
        yield f"a serving of {grams:g} g, expected {SERVING_GRAMS[0]} to {SERVING_GRAMS[1]}"
    kcal = nutrients(recipe, foods).kcal
    for kind in sorted(recipe.kinds & set(ENERGY_LIMITS)):
        least, most = ENERGY_LIMITS[kind]
        if not least <= kcal <= most:
            yield f"a {kind} of {kcal:.0f} kcal, expected {least:g} to {most:g}"


def _main_protein(recipe: Recipe, foods: Mapping[str, Food]) -> Iterator[str]:
    marks = MAIN_PROTEINS.get(recipe.main_protein, frozenset())
    total = nutrients(recipe, foods).protein_g
    given = sum(_protein(item, foods) for item in recipe.ingredients if marks & _marks(foods[item.food_id]))
    if marks and given < LEAST_MAIN_PROTEIN_SHARE * total:
        yield f"{recipe.main_protein} gives {given:.1f} g of {total:.1f} g of protein"


def _protein(item: Ingredient, foods: Mapping[str, Food]) -> float:
    return foods[item.food_id].per_100g.protein_g * item.grams / 100


def _marks(food: Food) -> frozenset[str]:
    return food.contains | set(food.id.split("-")) | {food.aisle}


def _alarms(recipe: Recipe, foods: Mapping[str, Food]) -> Iterator[str]:
    index, used = food_index(foods), {item.food_id for item in recipe.ingredients}
    said = set(words(" ".join((recipe.title, recipe.day_before, *recipe.steps))))
    for word in sorted(said & ALARM_WORDS):
        if not index.named(word) & used:
            yield f"says {word!r}, and no ingredient is called that"


def _repeated(written: Sequence[Written]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for item in written:
        labels = {("slug", item.recipe.slug), ("title", item.recipe.title.casefold())}
        yield from (Finding(item.where, f"the {name} {label!r} of another recipe") for name, label in labels & seen)
        seen |= labels

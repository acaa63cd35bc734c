"""Read a dish from a model's answer. No value is trusted: its type is checked first, then its size and its text."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from mealplanner.llm.dishes.brief import Brief
from mealplanner.llm.dishes.checks import MOST_INGREDIENTS, MOST_STEPS, Finding, check_dish, quoted
from mealplanner.llm.dishes.ideas import Idea
from mealplanner.llm.dishes.plain_text import tidy
from mealplanner.planner.model import Ingredient, Recipe

Findings = tuple[Finding, ...]

MOST_FINDINGS: Final = 12
"""How many findings are sent back for one dish; the rest would only repeat them."""

MOST_NUMBER: Final = 10_000
"""Beyond any grams or minutes, and small enough to calculate with."""

_DECIMALS = 1


def read_dish(value: Any, brief: Brief, idea: Idea) -> Recipe | Findings:
    """Return the dish that `value` holds, proven to meet `brief`, or what is wrong with it, which is never empty."""
    findings = tuple(_shape(value))
    if not findings:
        recipe = _recipe(value, idea)
        findings = tuple(check_dish(recipe, brief))
        if not findings:
            return recipe
    return findings[:MOST_FINDINGS]


def own_slug(recipe: Recipe) -> str:
    """Return `own-`, the words of the title, and a hash of all else, so that different dishes have different slugs."""
    content = [
        recipe.title, sorted(recipe.kinds), recipe.cuisine, recipe.main_protein, recipe.minutes,
        sorted(recipe.appliances), [[item.food_id, item.grams] for item in recipe.ingredients], recipe.steps,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:10]
    plain = unicodedata.normalize("NFKD", recipe.title.casefold()).encode("ascii", "ignore").decode()
    return "-".join(("own", *re.findall(r"[a-z0-9]+", plain.replace("'", "")), digest))


def _shape(value: Any) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield Finding("shape", "Expected one JSON object with title, ingredients, steps, minutes and appliances.")
        return
    if not isinstance(value.get("title"), str):
        yield Finding("shape", "Expected title to be a text.")
    if not _is_number(value.get("minutes")) or not isinstance(value["minutes"], int):
        yield Finding("shape", "Expected minutes to be a whole number.")
    yield from _list_problems("ingredients", value.get("ingredients"), MOST_INGREDIENTS, _ingredient_problem)
    yield from _list_problems("steps", value.get("steps"), MOST_STEPS, _text_problem)
    yield from _list_problems("appliances", value.get("appliances"), MOST_INGREDIENTS, _text_problem)


def _list_problems(name: str, value: Any, most: int, problem_of: Callable[[Any], str | None]) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding("shape", f"Expected {name} to be a list.")
    elif len(value) > most:
        yield Finding("shape", f"{len(value)} {name}, expected at most {most}.")
    else:
        problems = (problem_of(item) for item in value)
        yield from (Finding("shape", f"{name}: {problem}.") for problem in problems if problem)


def _text_problem(item: Any) -> str | None:
    return None if isinstance(item, str) else "expected texts"


def _ingredient_problem(item: Any) -> str | None:
    if not isinstance(item, dict) or not isinstance(food := item.get("food"), str):
        return "expected objects with food, an id, and grams"
    if not _is_number(item.get("grams")):
        return f"expected the grams of {quoted(food)} to be a number"
    return None


def _is_number(value: Any) -> bool:
    """Return whether `value` is a finite number of plausible size, and neither true nor false."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST_NUMBER < value < MOST_NUMBER


def _recipe(value: Any, idea: Idea) -> Recipe:
    unnamed = Recipe(
        slug="",
        title=tidy(value["title"]),
        kinds=frozenset({idea.kind}),
        cuisine=idea.cuisine,
        main_protein=idea.main_protein,
        minutes=value["minutes"],
        appliances=frozenset(value["appliances"]),
        ingredients=tuple(
            Ingredient(food_id=item["food"], grams=round(float(item["grams"]), _DECIMALS))
            for item in value["ingredients"]
        ),
        steps=tuple(map(tidy, value["steps"])),
    )
    return replace(unnamed, slug=own_slug(unnamed))

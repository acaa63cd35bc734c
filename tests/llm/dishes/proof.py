"""A second proof that a dish may be served, which shares no line with the first.

It reads the table of foods as text, knows by heart what each rule forbids, and does its own sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mealplanner.food
from mealplanner.planner.model import PlanRequest, Recipe

MEAT = "meat pork beef forbidden-meat gelatine rennet insects"
SEA = "fish crustaceans molluscs forbidden-seafood"
FORBIDS = {
    "omnivore": "",
    "keto": "",
    "vegetarian": f"{MEAT} {SEA}",
    "pescatarian": MEAT,
    "vegan": f"{MEAT} {SEA} eggs milk honey",
    "gluten-free": "gluten wheat",
    "dairy-free": "milk",
    "halal": "pork alcohol gelatine insects",
    "kosher": "crustaceans molluscs forbidden-seafood pork forbidden-meat gelatine rennet insects",
    "paleo": "grain gluten wheat legume soy peanuts lupin milk refined-sugar processed potato alcohol",
    "gluten": "gluten wheat",
    "pork": "pork gelatine",
    "beef": "beef gelatine",
    "meat": "meat pork beef forbidden-meat gelatine",
}
"""Rule -> traits; a rule that is not listed forbids the trait of its own name."""

HEEDLESS_OF_TRACES = "omnivore keto vegetarian pescatarian vegan halal kosher paleo pork beef meat alcohol honey"
"""Rules that turn on what a food is made of; all others may stand for an allergy."""

Row = dict[str, str]

_MEAT = re.compile(r"\b(chicken|beef|pork|bacon|b\u00e4con|ham|lamb|turkey|prosciutto|\u0441hicken)\b", re.IGNORECASE)
_HOSTILE = re.compile(r"[<>{}\[\]@\\|`~^*_#$=\x00-\x1f\u0370-\u05ff\u200b-\u200f\u202a-\u202e\u2066-\u2069]|//")
"""Markup, addresses, Greek to Hebrew letters, and signs that cannot be seen or turn the direction of a text."""


@cache
def table() -> dict[str, Row]:
    """The lines of all aisles, by the id of the food."""
    folder = Path(next(iter(mealplanner.food.__path__))) / "data" / "foods"
    lines = [file.read_text().splitlines() for file in sorted(folder.glob("*.tsv"))]
    header = lines[0][0].split("\t")
    rows = (dict(zip(header, line.split("\t"), strict=True)) for file in lines for line in file[1:])
    return {row["id"]: row for row in rows}


def violations(recipe: Recipe, request: PlanRequest) -> list[str]:
    """What `recipe` does that `request` rules out; empty when it may be served."""
    return list(_violations(recipe, request))


def _violations(recipe: Recipe, request: PlanRequest) -> Iterator[str]:
    rows = [(table()[item.food_id], item.grams) for item in recipe.ingredients]
    kept = [request.diet, *request.restrictions]
    if not rows:
        yield "nothing to eat"
    for row, grams in rows:
        yield from (f"{row['id']} against {rule}" for rule in kept if _traits(row, rule) & set(_forbids(rule).split()))
        if row["id"] in request.disliked_foods:
            yield f"{row['id']} is disliked"
        if not 0 < grams <= 500:
            yield f"{grams} g of {row['id']}"
    if "kosher" in kept and _any(rows, "meat") and _any(rows, "milk"):
        yield "meat beside milk"
    if "keto" in kept and 4 * sum(grams * _net(row) for row, grams in rows) > 0.15 * _kcal(rows) + 0.01:
        yield "too much carbohydrate"
    if recipe.minutes > request.minutes_per_meal or not recipe.appliances <= request.appliances:
        yield "another kitchen"
    for text in (recipe.title, *recipe.steps):
        if _HOSTILE.search(text):
            yield f"hostile text: {text!r}"
        if _MEAT.search(text) and any("meat" in _forbids(rule).split() for rule in kept):
            yield f"meat in words: {text!r}"


def _forbids(rule: str) -> str:
    return FORBIDS.get(rule, rule)


def _traits(row: Row, rule: str) -> set[str]:
    """What counts for `rule`."""
    traces = "" if rule in HEEDLESS_OF_TRACES.split() else row["traces"]
    return set(f"{row['contains']} {row['may']} {traces}".split())


def _any(rows: list[tuple[Row, float]], trait: str) -> bool:
    return any(trait in f"{row['contains']} {row['may']}".split() for row, _ in rows)


def _kcal(rows: list[tuple[Row, float]]) -> float:
    return sum(grams * float(row["kcal"]) / 100 for row, grams in rows)


def _net(row: Row) -> float:
    return max(0.0, float(row["carbohydrate"]) - float(row["fibre"] or 0)) / 100

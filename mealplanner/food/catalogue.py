"""The catalogue: the food table and the recipes that come with the package, all checked before use."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from mealplanner.food.checks import check_foods
from mealplanner.food.findings import Finding
from mealplanner.food.measures import check_measures, load_measures
from mealplanner.food.pack_table import check_packs, load_packs
from mealplanner.food.recipe_checks import check_recipes
from mealplanner.food.recipes import read_recipes
from mealplanner.food.table import load_table
from mealplanner.planner.model import Food, Recipe

NAMESPACE: Final = uuid.UUID("6f1c8f5e-3f0b-5d1a-9a4e-2b7c1d90e5a3")
"""What the ids of catalogue recipes are derived in. Changing it changes every id."""


class CatalogueError(ValueError):
    """The catalogue has defects; the message lists `findings`, one a line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Foods by id, recipes by slug in order, and a version that differs whenever anything in them does."""

    foods: Mapping[str, Food]
    recipes: tuple[Recipe, ...]
    version: str


@cache
def load_catalogue() -> Catalogue:
    """Return the package's catalogue. Raises `FoodTableError` or `CatalogueError` when it has a defect."""
    table = load_table()
    written, findings = read_recipes(files("mealplanner.food") / "data" / "recipes")
    findings += check_foods(table) + check_measures(load_measures(), table.foods)
    findings += check_packs(load_packs(), table.foods)
    findings += check_recipes(written, table.foods)
    if not (written or findings):
        findings.append(Finding("recipes", "there are none"))
    if findings:
        raise CatalogueError(findings)
    return build_catalogue(table.foods, [item.recipe for item in written])


def build_catalogue(foods: Mapping[str, Food], recipes: Sequence[Recipe]) -> Catalogue:
    """Return a catalogue of foods and recipes that were checked already."""
    ordered = tuple(sorted(recipes, key=lambda recipe: recipe.slug))
    content = json.dumps([_plain(dict(sorted(foods.items()))), _plain(ordered)])
    version = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Catalogue(foods=foods, recipes=ordered, version=version)


def recipe_id(recipe: Recipe, owner_id: uuid.UUID | None = None) -> uuid.UUID:
    """Return the id of the row of a recipe. Another content is another row, so a stored menu never changes.

    A person's own recipe has another row than an equal one of another person, or of the catalogue.
    """
    return uuid.uuid5(owner_id or NAMESPACE, json.dumps(_plain(recipe)))


@cache
def recipes_by_id() -> Mapping[uuid.UUID, Recipe]:
    """Return the recipes of the package's catalogue by the ids of their rows, whether these are stored or not."""
    return {recipe_id(recipe): recipe for recipe in load_catalogue().recipes}


def _plain(value: object) -> object:
    """`value` in JSON's terms, the same for equal values in every process.

    What a recipe does not say is left out, so that one keeps its id when recipes learn to say more.
    """
    if is_dataclass(value):
        said = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return {name: _plain(item) for name, item, unsaid in said if item != unsaid}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value

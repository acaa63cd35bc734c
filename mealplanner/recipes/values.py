"""Recipes as plain values: what services return, pages draw and JSON carries. Nothing here touches a session.

Energy is kcal, masses are grams.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbers:
    """Energy and macros."""

    kcal: float
    protein_g: float
    carbohydrate_g: float
    fat_g: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientLine:
    """One line of a list of ingredients; `text` is how a person reads it, like `62 g rolled oats`."""

    food: str
    name: str
    grams: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeSummary:
    """What a meal says of its recipe. `source` is `catalogue` or `model`."""

    id: uuid.UUID
    title: str
    source: str
    minutes: int
    cuisine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeValue:
    """A recipe for a number of servings; `numbers` are for one serving."""

    id: uuid.UUID
    title: str
    source: str
    cuisine: str
    main_protein: str
    minutes: int
    appliances: tuple[str, ...]
    servings: float
    numbers: Numbers
    ingredients: tuple[IngredientLine, ...]
    steps: tuple[str, ...]
    rating: int
    """1 when the person wants it more often, -1 when never again, else 0."""
    retired: bool
    """Whether its owner deleted it; a menu still serves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedRecipe:
    """A dish of the catalogue that the person has an opinion of: 1 or -1, as in `RecipeValue`."""

    recipe: RecipeSummary
    rating: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dishes:
    """The dishes that are something to one person."""

    own: tuple[RecipeValue, ...]
    """Those that were written for them and not deleted, for one serving each."""
    rated: tuple[RatedRecipe, ...]


def source(owner_id: uuid.UUID | None) -> str:
    """Where a recipe comes from: a model writes for one person, the catalogue is everybody's."""
    return "catalogue" if owner_id is None else "model"

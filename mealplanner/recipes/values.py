"""Recipes as plain values, for pages and JSON. Energy is in kcal, masses are in grams."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from mealplanner.food.vocabulary import CUISINES
from mealplanner.planner.details import Details


@dataclass(frozen=True, slots=True)
class Numbers:
    """Energy and macros."""

    kcal: float
    protein_g: float
    carbohydrate_g: float
    fat_g: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientLine:
    """One line of a list of ingredients; `text` is for people, like `2 eggs`; `grams` are exact."""

    food: str
    name: str
    grams: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeSummary:
    """What a meal shows of its recipe. `source` is `catalogue` or `model`."""

    id: uuid.UUID
    title: str
    source: str
    minutes: int
    cuisine: str
    main_protein: str

    @property
    def cuisine_name(self) -> str:
        """The cuisine as people read it."""
        return name_of_cuisine(self.cuisine)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeValue:
    """A recipe for a number of servings; `numbers` and `details` are for one serving."""

    id: uuid.UUID
    title: str
    source: str
    cuisine: str
    main_protein: str
    minutes: int
    appliances: tuple[str, ...]
    servings: float
    numbers: Numbers | None
    """None, as are the details, where some ingredient is not known to this release."""
    details: Details | None
    ingredients: tuple[IngredientLine, ...]
    waiting_minutes: int
    """Of `minutes`, those in which it is left alone."""
    day_before: str
    """What to prepare the day before, for these servings; empty where all is done on the day."""
    makes: int
    keeps_days: int
    """As in `planner.model.Recipe`."""
    steps: tuple[str, ...]
    counts_are_for_one: bool
    """Whether some step counts pieces for one serving, as a model may write it, although there are more or fewer."""
    rating: int
    """1 if it is a favourite, which is served more often, -1 if it is wanted never again, otherwise 0."""
    retired: bool
    """Whether its owner deleted it while a menu still serves it."""

    @property
    def cuisine_name(self) -> str:
        """The cuisine as people read it."""
        return name_of_cuisine(self.cuisine)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedRecipe:
    """A dish of the catalogue that the person has rated 1 or -1, as in `RecipeValue`."""

    recipe: RecipeSummary
    rating: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dishes:
    """The dishes that a person owns or has rated."""

    own: tuple[RecipeValue, ...]
    """Those that were written for the person and not deleted, for one serving each."""
    rated: tuple[RatedRecipe, ...]


def at_least(servings: float, makes: int) -> float:
    """Return for how many a dish is cooked of which `servings` are wanted, and that is made for so many."""
    return max(servings, makes) if makes > 1 else servings


def source(owner_id: uuid.UUID | None) -> str:
    """Return where a recipe comes from: only recipes that a model wrote have an owner."""
    return "catalogue" if owner_id is None else "model"


def name_of_cuisine(cuisine: str) -> str:
    """Return `north-african` as `North African`; a word that is not known any more as it is."""
    return CUISINES.get(cuisine, cuisine)

"""Recipes as other programs take them in. Pure."""

from __future__ import annotations

import math
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from mealplanner.presentation.formatting import servings as in_words
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.recipes.values import IngredientLine, Numbers, RecipeValue, at_least

DAY_BEFORE = "The day before"
COUNTS_ARE_FOR_ONE = "Numbers of pieces in these steps are for one serving. The amounts are for all."


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The dishes that a person takes along, each for so many servings."""

    rows: Sequence[RecipeRow]
    servings: float


@dataclass(frozen=True, slots=True)
class Portable:
    """A recipe, and the address of its page. Each text is one line."""

    recipe: RecipeValue
    address: str

    @property
    def id(self) -> uuid.UUID:
        """The id of the recipe, which changes with its content."""
        return self.recipe.id

    @property
    def title(self) -> str:
        """Its name."""
        return one_line(self.recipe.title)

    @property
    def servings(self) -> int:
        """For how many it is; whole, since other programs count whole servings."""
        return round(self.recipe.servings)

    @property
    def yields(self) -> str:
        """Return `2 servings`."""
        return made_for(self.recipe.servings)

    @property
    def minutes_by_hand(self) -> int:
        """The minutes in which there is something to do."""
        return self.recipe.minutes - self.recipe.waiting_minutes

    @property
    def ingredients(self) -> tuple[IngredientLine, ...]:
        """What goes in."""
        return self.recipe.ingredients

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do, beginning with what is done the day before."""
        before = [f"{DAY_BEFORE}: {self.recipe.day_before}"] if self.recipe.day_before else []
        return tuple(one_line(step) for step in (*before, *self.recipe.steps))

    @property
    def notes(self) -> str:
        """What else a cook has to know."""
        return COUNTS_ARE_FOR_ONE if self.recipe.counts_are_for_one else ""

    @property
    def numbers(self) -> Numbers | None:
        """Of one serving; None where they are not known."""
        return self.recipe.numbers


def whole_servings(servings: float, makes: int) -> int:
    """Return for how many a recipe is written that is wanted for `servings` and made for at least `makes`."""
    return math.ceil(at_least(servings, makes))


def made_for(servings: float) -> str:
    """Return `2 servings`, with a plain space."""
    return one_line(in_words(servings))


def one_line(text: str) -> str:
    """Return `text` on one line, with plain spaces and without control characters."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())

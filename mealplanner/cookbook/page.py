"""A dish as its page, its cook view and programs show it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from mealplanner.cookbook.servings import fewer, made_for, more
from mealplanner.cookbook.steps import foods_of_step
from mealplanner.cookbook.timers import Piece, pieces
from mealplanner.cookbook.values import DishRead, Place
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units
from mealplanner.presentation.formatting import duration, weekday_name
from mealplanner.presentation.formatting import servings as in_words
from mealplanner.presentation.glyphs import food_glyph
from mealplanner.recipe_files.schema_org import structured_data
from mealplanner.recipes.assembly import recipe_value
from mealplanner.recipes.presentation import ingredient_json, recipe_json
from mealplanner.recipes.values import IngredientLine, RecipeValue


class StepPage(NamedTuple):
    """A step, cut at its timers, and what it takes."""

    pieces: tuple[Piece, ...]
    ingredients: tuple[IngredientLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DishPage:
    """A dish for some servings."""

    recipe: RecipeValue
    opinions: frozenset[str]
    steps: tuple[StepPage, ...]
    servings: str
    """In words."""
    made_for: str
    """For how many it is made, where that is more than are needed, and for how long the rest keeps."""
    fewer: float | None
    more: float | None
    place: Place | None
    meal_is_gone: bool
    can_be_served: bool
    still_planned: tuple[Place, ...]

    @property
    def glyph(self) -> str:
        """The drawing of its main food."""
        return food_glyph(self.recipe.main_protein)

    @property
    def time(self) -> str:
        """Return `40 min`, or `1 h 15 min (20 min by hand)` where it is left alone for a part of that."""
        minutes, waiting = self.recipe.minutes, self.recipe.waiting_minutes
        return f"{duration(minutes)} ({duration(minutes - waiting)} by hand)" if waiting else duration(minutes)

    @property
    def address(self) -> dict[str, str]:
        """Return what the addresses of this dish's pages ask for, so that no link loses the servings or the meal."""
        meal = {"meal": str(self.place.meal_id)} if self.place is not None else {}
        return {"servings": f"{self.recipe.servings:g}", **meal}

    @property
    def data(self) -> dict[str, Any]:
        """Return the dish in the vocabulary of schema.org."""
        return structured_data(self.recipe)

    @property
    def portion(self) -> str:
        """Return why the meal that it was opened from has a part of a serving; empty where it has none."""
        whole = self.recipe.servings.is_integer()
        if whole or self.place is None or not self.to_be_cooked or self.place.servings != self.recipe.servings:
            return ""
        return f"{self.servings[0].upper()}{self.servings[1:]}, as planned for {weekday_name(self.place.date)}."

    @property
    def to_be_cooked(self) -> bool:
        """Whether the meal that it was opened from still serves it."""
        return self.place is not None and self.place.recipe_id == self.recipe.id


def dish_page(read: DishRead, *, units: Units = "metric") -> DishPage:
    """Return the page of a dish."""
    recipe = recipe_value(read.row, servings=read.servings, units=units)
    return DishPage(
        recipe=recipe,
        opinions=read.opinions,
        steps=tuple(_step(step, recipe.ingredients) for step in recipe.steps),
        servings=in_words(recipe.servings),
        made_for=made_for(recipe.makes, recipe.keeps_days, read.needed),
        fewer=fewer(recipe.servings),
        more=more(recipe.servings),
        place=read.place,
        meal_is_gone=read.meal_is_gone,
        can_be_served=read.can_be_served,
        still_planned=tuple(read.still_planned),
    )


def dish_json(page: DishPage) -> dict[str, Any]:
    """Return a dish for programs: the recipe, and where it stands on the person's menus."""
    return {
        **recipe_json(page.recipe),
        "opinions": sorted(page.opinions),
        "meal": place_json(page.place) if page.place is not None else None,
        "still_planned": [place_json(place) for place in page.still_planned],
    }


def cook_json(page: DishPage) -> dict[str, Any]:
    """Return a dish step by step, each with its ingredients and its timers."""
    return {
        "id": str(page.recipe.id),
        "title": page.recipe.title,
        "servings": page.recipe.servings,
        "minutes": page.recipe.minutes,
        "waiting_minutes": page.recipe.waiting_minutes,
        "day_before": page.recipe.day_before,
        "meal": place_json(page.place) if page.place is not None else None,
        "steps": [
            {
                "text": "".join(piece.text for piece in step.pieces),
                "ingredients": [ingredient_json(line) for line in step.ingredients],
                "timers": [
                    {"text": piece.text, "seconds": piece.timer.seconds, "label": piece.timer.label}
                    for piece in step.pieces
                    if piece.timer is not None
                ],
            }
            for step in page.steps
        ],
    }


def _step(step: str, ingredients: tuple[IngredientLine, ...]) -> StepPage:
    named = foods_of_step(step, [line.food for line in ingredients], load_foods())
    return StepPage(pieces(step), tuple(line for line in ingredients if line.food in named))


def place_json(place: Place) -> dict[str, str]:
    """Return a meal of a menu."""
    return {
        "id": str(place.meal_id),
        "menu": str(place.menu_id),
        "date": place.date.isoformat(),
        "slot": place.slot,
        "title": place.title,
    }

"""What people send to the pages of dishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mealplanner.cookbook.catalogue import MEALS, Search
from mealplanner.cookbook.servings import LEAST, MOST
from mealplanner.fields import Choice, Decimal, Whole, page_number, said
from mealplanner.food.vocabulary import CUISINES
from mealplanner.planner.restrictions import DIETS
from mealplanner.planner.targets import SHARES

RATING = "Choose 1 for “favourite”, -1 for “never again” or 0 for neither."
SERVINGS = f"Enter a number of servings from {LEAST:g} to {MOST:g}."
MEAL = "Choose a meal of one of your menus, by its id."
FAVOURITE = "Choose yes or no."
WORDS = validate.Length(max=100, error="Use at most 100 characters.")
DATE = "Enter a date such as 2026-11-24."
VERSION = "Send the version of the menu that you saw, or leave it out."
STEP = "Choose a step by its number; 0 is before the first."


class DishSchema(Schema):
    """How many servings to show a recipe for, and the meal it was opened from; that has servings of its own."""

    class Meta:
        unknown = EXCLUDE

    servings = Decimal(LEAST, MOST, SERVINGS, load_default=None)
    meal = fields.UUID(load_default=None, error_messages=said(MEAL) | {"invalid_uuid": MEAL})


class StepSchema(Schema):
    """Where a cook is in a recipe."""

    class Meta:
        unknown = EXCLUDE

    step = Whole(0, 99, STEP, load_default=0)


class RatingSchema(Schema):
    """A rating."""

    class Meta:
        unknown = EXCLUDE

    value = Whole(-1, 1, RATING, required=True)


class FavouriteSchema(Schema):
    """Whether a dish is a favourite; left out, it becomes one."""

    class Meta:
        unknown = EXCLUDE

    favourite = fields.Boolean(load_default=True, error_messages=said(FAVOURITE))


class PlanSchema(Schema):
    """The meal to serve a dish at, and the version of the menu that was seen, to notice what changed meanwhile."""

    class Meta:
        unknown = EXCLUDE

    date = fields.Date(required=True, error_messages=said(DATE))
    slot = Choice(tuple(SHARES), f"Choose one of {', '.join(SHARES)}.", required=True)
    version = Whole(1, 2**31 - 1, VERSION, load_default=None)


class WordsSchema(Schema):
    """Words to search for."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(validate=WORDS, load_default="")
    page = page_number()


class SearchSchema(Schema):
    """What to search the dishes for; what is blank is not asked for."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(attribute="words", validate=WORDS)
    meal = Choice(MEALS, f"Choose one of {', '.join(MEALS)}.")
    cuisine = Choice(CUISINES, f"Choose one of {', '.join(CUISINES)}.")
    diet = Choice(DIETS, f"Choose one of {', '.join(DIETS)}.")
    minutes = Whole(1, 600, "Enter a whole number of minutes from 1 to 600.")
    favourites = fields.Boolean(error_messages=said(FAVOURITE))
    page = Whole(1, 999, "Choose a page by its number.")

    @pre_load
    def without_blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out the fields of a form that nothing was chosen in."""
        return {name: value for name, value in data.items() if value != ""}

    @post_load
    def search(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return it as one value."""
        return {"search": Search(**data)}

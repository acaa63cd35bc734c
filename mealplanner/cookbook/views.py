"""The pages of dishes."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, request

from mealplanner.auth.login import person, units
from mealplanner.cookbook.schemas import RatingSchema, ServingsSchema
from mealplanner.recipes import assembly, queries, services
from mealplanner.recipes.assembly import recipe_value
from mealplanner.recipes.presentation import dishes_json, recipe_json
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done, see
from mealplanner.web.pages import Answer, json_answer, page
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

recipes = Blueprint("recipes", __name__, url_prefix="/recipes")


@recipes.get("/")
def index() -> Answer:
    """Show the dishes that the person owns, and those they have rated."""
    found = partial(assembly.dishes, queries.dishes(db_session(), person()), units=units())
    if wants_json():
        return json_answer(lambda: dishes_json(found()))
    return page("recipes/index.html", dishes=found)


@recipes.get("/<uuid:recipe_id>")
def show(recipe_id: uuid.UUID) -> Answer:
    """Show one dish, for the servings asked for."""
    wanted = parsed(ServingsSchema(), request.args)
    found = partial(recipe_value, queries.recipe(db_session(), person(), recipe_id), **wanted, units=units())
    if wants_json():
        return json_answer(lambda: recipe_json(found()))
    return page("recipes/show.html", recipe=found)


@recipes.post("/<uuid:recipe_id>/rate")
def rate(recipe_id: uuid.UUID) -> Answer:
    """Remember what the person thinks of a dish."""
    wanted = parsed(RatingSchema(), submitted())
    services.rate(db_session(), person(), recipe_id, value=wanted["value"])
    if wanted["back"] == "list":
        return see("recipes.index")
    return see("recipes.show", recipe_id=recipe_id, servings=wanted["servings"])


@recipes.post("/<uuid:recipe_id>/delete")
def delete(recipe_id: uuid.UUID) -> Answer:
    """Delete a dish of the person's own."""
    services.delete(db_session(), person(), recipe_id)
    return done("The dish is deleted. It will not be planned again.", "recipes.index")

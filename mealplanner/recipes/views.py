"""The pages of recipes."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from mealplanner.auth.guard import person, units
from mealplanner.recipes import reading
from mealplanner.recipes.presentation import recipe_json
from mealplanner.recipes.schemas import ServingsSchema
from mealplanner.web.errors import wants_json
from mealplanner.web.parsing import parsed
from mealplanner.web.transactions import db_session

recipes = Blueprint("recipes", __name__, url_prefix="/recipes")


@recipes.get("/<uuid:recipe_id>")
def show(recipe_id: uuid.UUID) -> Response:
    """One dish, for the servings asked."""
    wanted = parsed(ServingsSchema(), request.args)
    value = reading.recipe(db_session(), person(), recipe_id, **wanted, units=units())
    if wants_json():
        return jsonify(recipe_json(value))
    return make_response(render_template("recipes/show.html", recipe=value))

"""The pages of recipes."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for

from mealplanner.auth.login import person, units
from mealplanner.recipes import queries, services
from mealplanner.recipes.presentation import dishes_json, recipe_json
from mealplanner.recipes.schemas import RatingSchema, ServingsSchema
from mealplanner.web.errors import wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

recipes = Blueprint("recipes", __name__, url_prefix="/recipes")


@recipes.get("/")
def index() -> Response:
    """The dishes that are the person's own, and those they have rated."""
    found = queries.dishes(db_session(), person(), units=units())
    if wants_json():
        return jsonify(dishes_json(found))
    return make_response(render_template("recipes/index.html", dishes=found))


@recipes.get("/<uuid:recipe_id>")
def show(recipe_id: uuid.UUID) -> Response:
    """One dish, for the servings asked."""
    wanted = parsed(ServingsSchema(), request.args)
    value = queries.recipe(db_session(), person(), recipe_id, **wanted, units=units())
    if wants_json():
        return jsonify(recipe_json(value))
    return make_response(render_template("recipes/show.html", recipe=value))


@recipes.post("/<uuid:recipe_id>/rate")
def rate(recipe_id: uuid.UUID) -> Response:
    """Remembers what the person thinks of a dish."""
    wanted = parsed(RatingSchema(), submitted())
    services.rate(db_session(), person(), recipe_id, value=wanted["value"])
    if wanted["back"] == "list":
        return make_response(redirect(url_for("recipes.index"), 303))
    return make_response(redirect(url_for("recipes.show", recipe_id=recipe_id, servings=wanted["servings"]), 303))


@recipes.post("/<uuid:recipe_id>/delete")
def delete(recipe_id: uuid.UUID) -> Response:
    """Deletes a dish of the person's own."""
    services.delete(db_session(), person(), recipe_id)
    flash("The dish is deleted. It is not planned again.", "success")
    return make_response(redirect(url_for("recipes.index"), 303))

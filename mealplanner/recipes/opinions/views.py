"""The opinions of a person about dishes."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, jsonify, request

from mealplanner.auth.login import person
from mealplanner.paging import numbered
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.opinions import queries, services
from mealplanner.recipes.opinions.presentation import dish_opinions, opinions_json
from mealplanner.recipes.opinions.schemas import AboutSchema, OpinionSchema
from mealplanner.recipes.opinions.values import MEANINGS, OPINIONS
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import go_on
from mealplanner.web.pages import Answer, page
from mealplanner.web.paging import json_part
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

PAGE = 60
"""Dishes on a page."""

opinions = Blueprint("opinions", __name__, url_prefix="/recipes")


@opinions.get("/opinions")
def index() -> Answer:
    """Show the dishes that the person finds too long, or not for weekdays, and one of which they want to say so."""
    wanted = parsed(AboutSchema(), request.args)
    said, own = queries.opinions(db_session(), person()), recipes.planned_recipes(db_session(), person())
    found = partial(lambda: numbered(dish_opinions(said, own, about=wanted["about"]), wanted["page"], PAGE))
    if wants_json():
        return json_part(found, opinions_json, "opinions.index", by="page")
    return page("opinions/index.html", part=found, words=OPINIONS, meanings=MEANINGS)


@opinions.post("/<uuid:recipe_id>/opinion")
def hold(recipe_id: uuid.UUID) -> Answer:
    """Remember what the person says of a dish."""
    wanted = parsed(OpinionSchema(), submitted())
    opinion, held = wanted["opinion"], wanted["held"]
    said = services.hold(db_session(), person(), recipe_id, **wanted)
    if wants_json():
        return jsonify(opinions=sorted(said))
    words = f"{MEANINGS[opinion]} That is for new menus." if held else "We have forgotten that."
    return go_on("opinions.index", words)

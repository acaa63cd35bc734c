"""The pages of dishes."""

from __future__ import annotations

import random
import uuid
from functools import partial

from flask import Blueprint, flash, make_response, redirect, request, url_for

from mealplanner.auth.login import person, today, units
from mealplanner.cookbook import queries, services
from mealplanner.cookbook.catalogue import CHOICES, found_json, search_page
from mealplanner.cookbook.collection import PAGE, in_order, matching, of_part, part_json
from mealplanner.cookbook.page import cook_json, dish_json, dish_page
from mealplanner.cookbook.planning import plan_json, plan_page
from mealplanner.cookbook.schemas import (
    DishSchema,
    FavouriteSchema,
    PlanSchema,
    RatingSchema,
    SearchSchema,
    StepSchema,
    WordsSchema,
)
from mealplanner.errors import Conflict
from mealplanner.menu.editing import decisions, offers
from mealplanner.menu.editing import queries as editing_queries
from mealplanner.menu.editing import services as editing
from mealplanner.menu.editing.values import Moment
from mealplanner.paging import numbered
from mealplanner.recipes import assembly
from mealplanner.recipes import queries as own
from mealplanner.recipes import services as recipes_services
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, go_on, next_page, searched, see, sent_from
from mealplanner.web.pages import Answer, json_answer, page
from mealplanner.web.paging import json_part
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, request_unit_of_work

recipes = Blueprint("recipes", __name__, url_prefix="/recipes")


@recipes.get("/")
def index() -> Answer:
    """Show the dishes that the person owns and those they have rated, or those of them that were searched for."""
    wanted, draft = searched(WordsSchema())
    rows, weighed_in = own.dishes(db_session(), person()), units()
    words, number = wanted["q"], wanted["page"]
    found = partial(lambda: numbered(in_order(matching(assembly.dishes(rows, units=weighed_in), words)), number, PAGE))
    if wants_json():
        return json_part(found, part_json, "recipes.index", by="page")
    return form_page("recipes/index.html", draft, part=found, dishes_of=of_part, words=words)


@recipes.get("/catalogue")
def catalogue() -> Answer:
    """Browse and search all dishes, what suits the person first."""
    query, draft = searched(SearchSchema())
    found = partial(search_page, wanted := query["search"], queries.eater(db_session(), person()))
    if wants_json():
        return json_answer(lambda: found_json(found()))
    return form_page("recipes/catalogue.html", draft, found=found, search=wanted, choices=CHOICES)


@recipes.get("/<uuid:recipe_id>")
def show(recipe_id: uuid.UUID) -> Answer:
    """Show one dish, with the way back to the meal that it was opened from."""
    wanted, draft = searched(DishSchema())
    found = partial(dish_page, queries.dish(db_session(), person(), recipe_id, **wanted, today=today()), units=units())
    if wants_json():
        return json_answer(lambda: dish_json(found()))
    return form_page("recipes/show.html", draft, dish=found)


@recipes.get("/<uuid:recipe_id>/cook")
def cook(recipe_id: uuid.UUID) -> Answer:
    """Show one dish in the kitchen, a step at a time."""
    wanted, at = parsed(DishSchema(), request.args), parsed(StepSchema(), request.args)
    found = partial(dish_page, queries.dish(db_session(), person(), recipe_id, **wanted, today=today()), units=units())
    if wants_json():
        return json_answer(lambda: cook_json(found()))
    return page("recipes/cook.html", dish=found, at=at["step"])


@recipes.post("/<uuid:recipe_id>/rate")
def rate(recipe_id: uuid.UUID) -> Answer:
    """Remember what the person thinks of a dish, and offer to swap one that is served though they want it no more."""
    wanted = parsed(RatingSchema(), submitted())
    if services.rate(db_session(), person(), recipe_id, value=wanted["value"], today=today()):
        here, sender = url_for("recipes.show", recipe_id=recipe_id), next_page() or ""
        return make_response(redirect(f"{sender if sender.startswith(here) else here}#still-planned", 303))
    return go_on("recipes.show", recipe_id=recipe_id)


@recipes.post("/<uuid:recipe_id>/favourite")
def favourite(recipe_id: uuid.UUID) -> Answer:
    """Make a dish a favourite, or take that back."""
    wanted = parsed(FavouriteSchema(), submitted())
    recipes_services.favour(db_session(), person(), recipe_id, favourite=wanted["favourite"])
    return go_on("recipes.show", recipe_id=recipe_id)


@recipes.get("/<uuid:recipe_id>/plan")
def plan_form(recipe_id: uuid.UUID, draft: Draft = EMPTY) -> Answer:
    """Show the meals to come that a dish could be put in place of."""
    found = partial(plan_page, queries.places(db_session(), person(), recipe_id, today=today()))
    if wants_json():
        return json_answer(lambda: plan_json(found()))
    return form_page("recipes/plan.html", draft, dish=found)


@recipes.post("/<uuid:recipe_id>/plan")
@sent_from(plan_form, Conflict)
def plan(recipe_id: uuid.UUID) -> Answer:
    """Serve a dish on a day, in place of what is planned there; its portion is found while no transaction is open."""
    wanted = parsed(PlanSchema(), submitted())
    place = queries.place_on(db_session(), person(), date=wanted["date"], slot=wanted["slot"], today=today())
    kitchen = editing_queries.kitchen(db_session(), person(), place.menu_id, today=today())
    request_unit_of_work().release()
    serving = offers.choose(offers.board(kitchen, place.meal_id), recipe_id, None, random.SystemRandom())
    seen = place.seen_by(person(), wanted["version"] or kitchen.menu.version)
    decide, moment = partial(decisions.swap, serving=serving), Moment(now=now(), today=today())
    stored = editing.edit_meal(db_session(), seen, what="swap", decide=decide, moment=moment)
    if not wants_json():
        flash(stored.text, stored.way_back)
    return see("menu.show", menu_id=place.menu_id, _anchor=f"day-{stored.date.isoformat()}")


@recipes.post("/<uuid:recipe_id>/delete")
def delete(recipe_id: uuid.UUID) -> Answer:
    """Delete a dish of the person's own."""
    recipes_services.delete(db_session(), person(), recipe_id)
    return done("The dish is deleted. It will not be planned again.", "recipes.index")

"""The pages of the larder."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, request

from mealplanner.auth.login import person, today, units
from mealplanner.errors import Conflict
from mealplanner.larder import queries, services
from mealplanner.larder.presentation import PAGE, by_aisle, food_name, larder_json, larder_page, part_with
from mealplanner.larder.reading import Unclear, read_amount, read_food
from mealplanner.larder.schemas import AddSchema, AlwaysSchema, ChangeSchema, PageSchema, SettingsSchema
from mealplanner.larder.values import Settings
from mealplanner.paging import numbered
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer
from mealplanner.web.paging import json_part
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

larder = Blueprint("larder", __name__, url_prefix="/larder")


@larder.get("/")
def index(draft: Draft = EMPTY, item_id: uuid.UUID | None = None) -> Answer:
    """Show what is in the house, and the form to add to it."""
    found = queries.larder(db_session(), person())
    date, system = today(), units()
    part = part_with(found, item_id) or numbered(by_aisle(found), parsed(PageSchema(), request.args)["page"], PAGE)
    if wants_json():
        return json_part(lambda: part, partial(larder_json, found, today=date, units=system), "larder.index", by="page")
    options = draft.error.foods if isinstance(draft.error, Unclear) else ()
    shown = larder_page(found, part, today=date, units=system)
    return form_page("larder/index.html", draft, changed=item_id, options=options, **shown)


@larder.post("/")
@sent_from(index)
def add() -> Answer:
    """Add an amount of a food, or say that it is always there."""
    wanted = parsed(AddSchema(), submitted())
    food = read_food(wanted["food"], wanted["food_id"])
    if wanted["always"]:
        services.keep_always(db_session(), person(), food.id, always=True)
        return done(f"{food_name(food.id)}: we'll assume that you always have it.", "larder.index")
    grams, date = read_amount(food, wanted["amount"], units()), wanted["best_before"]
    services.add(db_session(), person(), food.id, grams, best_before=date)
    over = " Its best-before date is over." if date is not None and date < today() else ""
    return done(f"{food_name(food.id)}: added.{over}", "larder.index")


@larder.post("/<uuid:item_id>")
@sent_from(index, Conflict)
def change(item_id: uuid.UUID) -> Answer:
    """Say how much is left of an item, and until when it keeps."""
    wanted = parsed(ChangeSchema(), submitted())
    food = queries.food_of(db_session(), person(), item_id)
    unchanged = wanted["amount"] == wanted["shown"]
    grams = float(wanted["seen"]) if unchanged else read_amount(food, wanted["amount"], units())
    said = {"grams": grams, "best_before": wanted["best_before"], "seen": wanted["seen"]}
    services.change(db_session(), person(), item_id, **said)
    return done(f"{food_name(food.id)}: saved.", "larder.index")


@larder.post("/<uuid:item_id>/remove")
def remove(item_id: uuid.UUID) -> Answer:
    """Forget an item that is used up."""
    services.remove(db_session(), person(), item_id)
    return done("Removed.", "larder.index")


@larder.post("/always")
@sent_from(index)
def keep_always() -> Answer:
    """Remember that a food is always there, or not any more."""
    wanted = parsed(AlwaysSchema(), submitted())
    always = wanted["always"]
    food_id = read_food("", wanted["food_id"]).id if always else wanted["food_id"]
    services.keep_always(db_session(), person(), food_id, always=always)
    name = food_name(food_id)
    return done(f"{name}: always there." if always else f"{name}: on shopping lists again.", "larder.index")


@larder.post("/settings")
@sent_from(index)
def choose() -> Answer:
    """Remember what the larder is to do."""
    wanted = parsed(SettingsSchema(), submitted())
    services.choose(db_session(), person(), Settings(**wanted))
    return done("Noted.", "larder.index")

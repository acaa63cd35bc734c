"""Before the rest of a menu is planned again: what would change; and how far the worker is that does it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from functools import partial

from flask import Blueprint, jsonify

from mealplanner.auth.login import local_time, person
from mealplanner.menu import queries as menus
from mealplanner.menu.editing import queries as editing
from mealplanner.menu.rebalancing import services
from mealplanner.menu.rebalancing.models import UNFINISHED
from mealplanner.menu.rebalancing.planning import days_off_target
from mealplanner.menu.rebalancing.presentation import days_json
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done, see
from mealplanner.web.pages import Answer, json_answer, page
from mealplanner.web.transactions import db_session

rebalancing = Blueprint("rebalancing", __name__, url_prefix="/menu/<uuid:menu_id>/rebalance")


@rebalancing.get("")
def progress(menu_id: uuid.UUID) -> Answer:
    """Show how far the worker is, and the menu once it is done."""
    found = services.progress(db_session(), person(), menu_id)
    if wants_json():
        return jsonify(asdict(found))
    if found.status == "done":
        return done(found.message, "menu.show", menu_id=menu_id)
    menu = menus.summary(db_session(), person(), menu_id)
    name = "rebalancing" if found.status in UNFINISHED else "not_rebalanced"
    return page(f"menu/{name}.html", menu=menu, found=found)


@rebalancing.get("/days")
def days(menu_id: uuid.UUID) -> Answer:
    """Show what balancing the days to come may change, and what stays."""
    kitchen = editing.kitchen(db_session(), person(), menu_id)
    found = partial(days_off_target, kitchen, now=local_time())
    if wants_json():
        return json_answer(lambda: days_json(kitchen.menu.version, found()))
    return page("menu/balance.html", menu=kitchen.menu, days=found)


@rebalancing.post("/cancel")
def cancel(menu_id: uuid.UUID) -> Answer:
    """Stop the worker; the menu stays as it is."""
    services.cancel(db_session(), person(), menu_id)
    return see("rebalancing.progress", menu_id=menu_id)

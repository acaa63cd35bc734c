"""How far a worker is that plans the rest of a menu again."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from flask import Blueprint, jsonify

from mealplanner.auth.login import person
from mealplanner.menu import queries as menus
from mealplanner.menu.rebalancing import services
from mealplanner.menu.rebalancing.models import UNFINISHED
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done, see
from mealplanner.web.pages import Answer, page
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


@rebalancing.post("/cancel")
def cancel(menu_id: uuid.UUID) -> Answer:
    """Stop the worker; the menu stays as it is."""
    services.cancel(db_session(), person(), menu_id)
    return see("rebalancing.progress", menu_id=menu_id)

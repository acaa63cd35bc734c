"""The pages that explain a menu and its meals."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint

from mealplanner.auth.login import person
from mealplanner.menu.why import queries
from mealplanner.menu.why.assembly import why_meal, why_menu
from mealplanner.menu.why.presentation import why_meal_json, why_menu_json
from mealplanner.web.errors import wants_json
from mealplanner.web.pages import Answer, json_answer, page
from mealplanner.web.transactions import db_session

why = Blueprint("why", __name__, url_prefix="/menu/<uuid:menu_id>")


@why.get("/why")
def menu(menu_id: uuid.UUID) -> Answer:
    """Show what the days of a menu reached, and why each dish is on it."""
    found = partial(why_menu, queries.why(db_session(), person(), menu_id))
    if wants_json():
        return json_answer(lambda: why_menu_json(found()))
    return page("why/menu.html", why=found)


@why.get("/meals/<uuid:meal_id>/why")
def meal(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Show why a dish is on the menu, and why it is safe."""
    found = partial(why_meal, queries.why_meal(db_session(), person(), menu_id, meal_id), meal_id)
    if wants_json():
        return json_answer(lambda: why_meal_json(found()))
    return page("why/meal.html", why=found)

"""The pages of usual meals."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, request

from mealplanner.auth.login import person
from mealplanner.menu.usual import queries, services
from mealplanner.menu.usual.notices import when
from mealplanner.menu.usual.presentation import found_dishes, shown_usual_meals, usual_meals_json
from mealplanner.menu.usual.schemas import UsualMealSchema, WhenSchema
from mealplanner.menu.usual.values import SLOTS, WEEKDAYS
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

usual = Blueprint("usual", __name__, url_prefix="/usual-meals")


@usual.get("/")
def index(draft: Draft = EMPTY) -> Answer:
    """Show the person's usual meals, and the form for another."""
    rows = queries.with_what_decides(db_session(), person())
    if wants_json():
        return json_answer(lambda: usual_meals_json(shown_usual_meals(rows)))
    words = request.values.get("q", "")
    context = {"usual": partial(shown_usual_meals, rows), "found": partial(found_dishes, words, rows), "q": words}
    ticked = request.values.getlist("weekdays")
    return form_page(
        "usual/index.html", draft, form=request.values, ticked=ticked, slots=SLOTS, weekdays=WEEKDAYS, **context
    )


@usual.post("/")
@sent_from(index)
def choose() -> Answer:
    """Make a dish the usual one for a meal of some weekdays."""
    wanted = parsed(UsualMealSchema(), submitted())
    services.choose(db_session(), person(), wanted.pop("recipe_id"), **wanted)
    words = when(wanted["slot"], wanted["weekdays"])
    return done(f"{words}: new menus plan everything else around it.", "usual.index")


@usual.post("/forget")
def forget() -> Answer:
    """Have no usual dish for a meal of some weekdays any more."""
    wanted = parsed(WhenSchema(), submitted())
    services.forget(db_session(), person(), **wanted)
    return done("Forgotten. Menus that you have stay as they are.", "usual.index")

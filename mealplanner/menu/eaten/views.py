"""The pages of what was eaten."""

from __future__ import annotations

import uuid
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from mealplanner.auth.login import account, person, today
from mealplanner.errors import Conflict
from mealplanner.menu.eaten import queries, services
from mealplanner.menu.eaten.presentation import by_day, history_json
from mealplanner.menu.eaten.schemas import PastMealSchema, UntilSchema
from mealplanner.menu.editing.values import Moment
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

eaten = Blueprint("eaten", __name__, url_prefix="/history")


@eaten.get("/")
def index(draft: Draft = EMPTY, meal_id: uuid.UUID | None = None) -> Answer:
    """Show what the person ate and cooked, a week at a time."""
    until = min(parsed(UntilSchema(), request.values)["until"] or today(), today())
    found = queries.history(db_session(), person(), until=until)
    if wants_json():
        return json_answer(lambda: history_json(found))
    days, ticked = partial(by_day, found), any(meal.ticked for meal in found.meals)
    context = {"history": found, "days": days, "today": today(), "any_ticked": ticked}
    return form_page("eaten/index.html", draft, form={"meal": str(meal_id)}, **context)


@eaten.post("/<uuid:meal_id>")
@sent_from(index, Conflict)
def correct(meal_id: uuid.UUID) -> Answer:
    """Say whether and when a meal was eaten and cooked."""
    sent = submitted()
    wanted, until = parsed(PastMealSchema(), sent), parsed(UntilSchema(), sent)["until"]
    moment, zone = Moment(now=now(), today=today()), ZoneInfo(account().time_zone)
    services.correct(db_session(), person(), meal_id, **wanted, moment=moment, zone=zone)
    return done("Noted.", "eaten.index", until=until, _anchor=f"meal-{meal_id}")


@eaten.post("/forget")
def forget() -> Answer:
    """Take away every tick."""
    services.forget_all(db_session(), person(), moment=Moment(now=now(), today=today()))
    return done("Forgotten. New menus go by what was planned.", "eaten.index")

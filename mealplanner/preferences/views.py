"""The page of preferences, as a form and as JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request

from mealplanner.auth.login import person
from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.preferences import services
from mealplanner.preferences.dislikes import facts, readings
from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.presentation import differences, labelled
from mealplanner.preferences.schemas import PreferencesSchema, VersionSchema, from_form
from mealplanner.preferences.values import StoredPreferences
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, sent_from
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

preferences = Blueprint("preferences", __name__)

CHOICES = {
    "diets": labelled({diet: diet for diet in DIETS}),
    "restrictions": labelled(RESTRICTIONS),
    "cuisines": labelled(CUISINES),
    "appliances": labelled(APPLIANCES),
}


@preferences.get("/preferences")
def edit(draft: Draft = EMPTY) -> Answer:
    """The form, with what was typed or else what is stored."""
    stored = services.get(db_session(), person())
    if wants_json():
        return json_answer(partial(_document, stored))
    form = from_form(draft.sent) if draft.sent is not None else _fields(stored)
    conflict = None
    if isinstance(draft.error, StalePreferences):
        conflict, form["version"] = differences(form, draft.error.stored), draft.error.stored.version
    context = {"form": form, "readings": partial(readings, form), "choices": CHOICES, "conflict": conflict}
    return form_page("preferences/edit.html", draft, **context)


@preferences.post("/preferences")
@sent_from(edit, StalePreferences)
def save() -> Answer:
    """Store the form, unless it was opened on an older version than the stored one."""
    sent = _sent()
    values = parsed(PreferencesSchema(), sent) | parsed(VersionSchema(), sent)
    try:
        stored = services.save(db_session(), person(), **values)
    except StalePreferences as error:
        if wants_json():
            return problem(409, str(error), conflict=differences(sent, error.stored))
        raise
    if wants_json():
        return json_answer(partial(_document, stored))
    return done("Your preferences are saved.", "preferences.edit")


def _fields(stored: StoredPreferences) -> dict[str, Any]:
    return {**stored.preferences.as_dict(), "version": stored.version}


def _document(stored: StoredPreferences) -> dict[str, Any]:
    """What programs get: the fields, and how each dislike was read."""
    return {**_fields(stored), "dislikes_read": facts(stored.preferences.disliked_ingredients)}


def _sent() -> dict[str, Any]:
    sent = submitted()
    return dict(request.get_json()) if request.is_json else from_form(sent)

"""The page of preferences, as a form and as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for

from mealplanner.auth.login import person
from mealplanner.errors import Invalid
from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.preferences import services
from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.presentation import differences, labelled, notes
from mealplanner.preferences.schemas import PreferencesSchema, VersionSchema, from_form
from mealplanner.preferences.values import StoredPreferences
from mealplanner.web.errors import problem, wants_json
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
def edit() -> Response:
    """The form with what is stored."""
    return _answer(services.get(db_session(), person()))


@preferences.post("/preferences")
def save() -> Response:
    """Stores the form, unless it was opened on an older version than the stored one."""
    typed = _typed()
    try:
        values = parsed(PreferencesSchema(), typed) | parsed(VersionSchema(), typed)
        stored = services.save(db_session(), person(), **values)
    except Invalid as error:
        return _page(typed, typed.get("version", 0), 422, str(error), errors=error.errors)
    except StalePreferences as error:
        return _page(typed, error.stored.version, 409, str(error), conflict=differences(typed, error.stored))
    if wants_json():
        return _answer(stored)
    flash("Your preferences are saved.", "success")
    return make_response(redirect(url_for("preferences.edit"), 303))


def _typed() -> dict[str, Any]:
    sent = submitted()
    return dict(request.get_json()) if request.is_json else {**from_form(sent), "version": sent.get("version", "")}


def _answer(stored: StoredPreferences) -> Response:
    form = stored.preferences.as_dict()
    if wants_json():
        return jsonify(**form, version=stored.version)
    return _page(form, stored.version)


def _page(form: dict[str, Any], version: Any, status: int = 200, message: str = "", **parts: Any) -> Response:
    if status != 200 and wants_json():
        return problem(status, message, **parts)
    context = {"errors": {}, "conflict": None, "notes": notes(form), "choices": CHOICES, **parts}
    return make_response(render_template("preferences/edit.html", form=form, version=version, **context), status)

"""The pages of preferences, as forms and as JSON: all of them on one page, and one part after another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from mealplanner.auth.login import person, today, units
from mealplanner.preferences import services
from mealplanner.preferences.dislikes import facts, readings
from mealplanner.preferences.energy import Estimate, estimate
from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.page import CHOICES, cuisines, first_days, shown
from mealplanner.preferences.parts import WHOLE, neighbour, of_part
from mealplanner.preferences.presentation import FIELD_LABELS, differences
from mealplanner.preferences.schemas import (
    BodySchema,
    ChangesSchema,
    PreferencesSchema,
    SplitSchema,
    VersionSchema,
    from_form,
)
from mealplanner.preferences.splits import SPLITS
from mealplanner.preferences.suggestions import as_form, changed
from mealplanner.preferences.values import StoredPreferences
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, see, sent_from
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

preferences = Blueprint("preferences", __name__)

SAVED = "Your preferences are saved. We'll use them for new menus. Existing ones won't change."
FILLED_IN = "This is filled in for you, but not saved yet:"
ALREADY = "You've made this change already."
ONE_PART = "/preferences/<any(food, numbers, kitchen):part>"
ALL_PARTS = {"part": WHOLE}


@preferences.get("/preferences", defaults=ALL_PARTS)
@preferences.get(ONE_PART)
def edit(part: str, draft: Draft = EMPTY, found: Estimate | None = None) -> Answer:
    """Show one part or all of them, with what was typed or else what is stored; `found` is what a person needs."""
    stored = services.get(db_session(), person())
    if wants_json():
        return json_answer(partial(_document, stored))
    typed = of_part(part, from_form(draft.sent)) if draft.sent is not None else {}
    form, conflict = shown(_fields(stored) | typed), None
    if isinstance(draft.error, StalePreferences):
        conflict, form["version"] = differences(typed, draft.error.stored), draft.error.stored.version
    context = {"form": form, "readings": partial(readings, form), "conflict": conflict, "found": found}
    fixed = {
        "part": part,
        "whole": WHOLE,
        "choices": CHOICES | {"cuisines": cuisines(form["recipe_type"])},
        "labels": FIELD_LABELS,
        "units": units(),
        "first_days": first_days(today()),
    }
    template = "preferences/edit.html" if part == WHOLE else "preferences/step.html"
    return form_page(template, draft, **context, **fixed, body=draft.or_else({}), key=uuid.uuid4())


@preferences.get("/preferences/suggested")
def suggested() -> Answer:
    """Show the preferences with changes filled in that the address proposes. Nothing is stored."""
    stored = services.get(db_session(), person())
    changes = parsed(ChangesSchema(), request.args)["changes"]
    fields = changed(_fields(stored), changes)
    parsed(PreferencesSchema(), fields)
    made = [f"{label}: {new}, not {old}" for label, new, old in differences(fields, stored)]
    flash(f"{FILLED_IN} {'. '.join(made)}." if made else ALREADY, "success")
    return edit(WHOLE, Draft(MultiDict(as_form(fields))))


@preferences.post("/preferences", defaults=ALL_PARTS)
@preferences.post(ONE_PART)
@sent_from(edit, StalePreferences)
def save(part: str) -> Answer:
    """Store what was sent, unless its form was opened on an older version than the stored one."""
    sent = _sent(part)
    values = parsed(PreferencesSchema(), sent) | parsed(VersionSchema(), sent)
    try:
        stored = services.save(db_session(), person(), **values)
    except StalePreferences as error:
        if wants_json():
            typed = values["preferences"].as_dict()
            return problem(409, str(error), conflict=differences(typed, error.stored))
        raise
    return json_answer(partial(_document, stored)) if wants_json() else _onward(part)


@preferences.post("/preferences/energy", defaults=ALL_PARTS)
@preferences.post(f"{ONE_PART}/energy")
@sent_from(edit)
def find_energy(part: str) -> Answer:
    """Work out what the person needs a day and fill it in. Nothing is stored."""
    found = estimate(parsed(BodySchema(units()), submitted())["body"])
    if wants_json():
        return jsonify(asdict(found))
    return edit(part, _filled({"calorie_goal": found.kcal}), found)


@preferences.post("/preferences/split", defaults=ALL_PARTS)
@preferences.post(f"{ONE_PART}/split")
@sent_from(edit)
def use_split(part: str) -> Answer:
    """Fill in a usual split of the energy. Nothing is stored."""
    split = SPLITS[parsed(SplitSchema(), submitted())["split"]]
    return jsonify(split.fields) if wants_json() else edit(part, _filled(split.fields))


def _onward(part: str) -> Answer:
    """Lead from a part that was saved to the next one or the one before, or to the menu that is wanted."""
    then = request.form.get("then")
    if then == "menu":
        return make_response(redirect(url_for("menu.create"), 307))
    following = neighbour(part, -1 if then == "back" else 1) if part != WHOLE else None
    if following is None:
        flash(SAVED, "saved")
    return see("preferences.edit", part=following or WHOLE)


def _filled(values: Mapping[str, int]) -> Draft:
    """Return what was sent with `values` in place of what was typed there."""
    sent = MultiDict(request.form)
    for name, value in values.items():
        sent[name] = str(value)
    return Draft(sent)


def _fields(stored: StoredPreferences) -> dict[str, Any]:
    return {**stored.preferences.as_dict(), "settled_dislikes": [*stored.settled], "version": stored.version}


def _document(stored: StoredPreferences) -> dict[str, Any]:
    """Return what programs get: the fields, and how each dislike was read."""
    return {**_fields(stored), "dislikes_read": facts(stored.preferences.disliked_ingredients)}


def _sent(part: str) -> dict[str, Any]:
    """Return what was sent; fields of other parts are as they are stored."""
    sent = submitted()
    fields = of_part(part, dict(request.get_json(silent=True) or {}) if request.is_json else from_form(sent))
    if part == WHOLE:
        return fields
    return {**services.get(db_session(), person()).preferences.as_dict(), **fields}

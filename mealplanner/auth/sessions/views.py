"""The page of past sign-ins, and the end of every other session."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo

from flask import flash, jsonify

from mealplanner.auth.blueprints import auth
from mealplanner.auth.login import account, keep_session, person
from mealplanner.auth.sessions import services
from mealplanner.auth.signing_in import sign_ins
from mealplanner.web.clients import client
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import see
from mealplanner.web.pages import Answer, page
from mealplanner.web.transactions import db_session


@auth.get("/sign-ins")
def sign_ins_index() -> Answer:
    """Show past sign-ins and failed attempts: when, from where, with what."""
    found = sign_ins.recent(db_session(), person())
    if wants_json():
        return jsonify(sign_ins=[{**asdict(entry), "at": entry.at.isoformat()} for entry in found])
    return page("auth/sign_ins.html", entries=found, zone=ZoneInfo(account().time_zone))


@auth.post("/sign-out-everywhere")
def sign_out_everywhere() -> Answer:
    """End every other session of the person at once."""
    keep_session(services.end_sessions(db_session(), person(), client=client()))
    flash("You're signed out everywhere else.", "success")
    return see("auth.sign_ins_index")

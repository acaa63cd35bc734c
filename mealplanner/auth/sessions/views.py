"""The pages of past sign-ins, and of sessions, which can be ended there."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from zoneinfo import ZoneInfo

from flask import jsonify

from mealplanner.auth.blueprints import auth
from mealplanner.auth.login import account, keep_session, person, renewal, session_id, sign_out
from mealplanner.auth.sessions import services
from mealplanner.auth.sessions.presentation import device_json
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import NOWHERE
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done
from mealplanner.web.pages import Answer, page
from mealplanner.web.transactions import db_session


@auth.get("/sign-ins")
def sign_ins_index() -> Answer:
    """Show past sign-ins and failed attempts: when, from where, with what."""
    found = sign_ins.recent(db_session(), person())
    if wants_json():
        return jsonify(sign_ins=[{**asdict(entry), "at": entry.at.isoformat()} for entry in found])
    return page("auth/sign_ins.html", entries=found, zone=ZoneInfo(account().time_zone))


@auth.get("/sessions")
def sessions_index() -> Answer:
    """Show every browser in which the person is signed in."""
    found, here = services.devices(db_session(), person(), now()), session_id()
    if wants_json():
        return jsonify(sessions=[device_json(device, here=here) for device in found])
    zone = ZoneInfo(account().time_zone)
    return page("auth/sessions.html", devices=found, here=here, nowhere=NOWHERE, zone=zone)


@auth.post("/sessions/<uuid:ended>/end")
def end_session(ended: uuid.UUID) -> Answer:
    """End one session of the person; ending this one is signing out."""
    if ended == session_id():
        sign_out()
        return done("You're signed out.", "home.index")
    services.end(db_session(), person(), ended, client=client())
    return done("That browser is signed out.", "auth.sessions_index")


@auth.post("/sign-out-everywhere")
def sign_out_everywhere() -> Answer:
    """End every other session of the person at once."""
    renewed = renewal()
    keep_session(services.end_others(db_session(), person(), but=renewed, client=client()), renewed)
    return done("You're signed out everywhere else.", "auth.sessions_index")

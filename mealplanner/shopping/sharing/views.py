"""The pages of links to lists: for the person who makes them, and for people who have one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial

from flask import Blueprint, jsonify, request, url_for

from mealplanner.auth.login import local_time, person
from mealplanner.shopping import queries
from mealplanner.shopping import services as lists
from mealplanner.shopping.errors import DeadShare
from mealplanner.shopping.page import list_page
from mealplanner.shopping.presentation import list_json
from mealplanner.shopping.schemas import DaysSchema, TickSchema
from mealplanner.shopping.sharing import services
from mealplanner.shopping.sharing.schemas import ShareSchema
from mealplanner.shopping.sharing.values import SharedList
from mealplanner.telemetry.scope import current_scope, enter_scope
from mealplanner.throttle import services as throttle
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, see, sent_from
from mealplanner.web.keys import site_keys
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, run_apart

sharing = Blueprint("sharing", __name__, url_prefix="/shopping/shares")
shared_lists = Blueprint("shared_lists", __name__, url_prefix="/shopping/shared")


@sharing.get("/")
def index(draft: Draft = EMPTY) -> Answer:
    """Show the links to a list, and the form that makes one."""
    span = parsed(DaysSchema(), request.values)["span"]
    found = services.live_shares(db_session(), person(), span, keys=site_keys(), now=now())
    zone = local_time().tzinfo
    shares = [
        (one.id, one.expires_at.astimezone(zone).date(), _address(one.token) if one.token else "") for one in found
    ]
    if wants_json():
        links = [{"id": str(id_), "expires": str(until), "link": link or None} for id_, until, link in shares]
        return json_answer(lambda: {"links": links})
    form = draft.or_else({"days": 7, "id": str(uuid.uuid4())})
    return form_page("shopping/shares.html", draft, form=form, shares=shares, span=span)


@sharing.post("/")
@sent_from(index)
def create() -> Answer:
    """Make a link to a list."""
    sent = submitted()
    wanted, span = parsed(ShareSchema(), sent), parsed(DaysSchema(), sent)["span"]
    services.share(db_session(), person(), span, **wanted, keys=site_keys(), client=client())
    return see("sharing.index", **span.address)


@sharing.post("/<uuid:share_id>/end")
def end(share_id: uuid.UUID) -> Answer:
    """End a link."""
    span = parsed(DaysSchema(), submitted())["span"]
    services.revoke(db_session(), person(), share_id, client=client())
    return see("sharing.index", **span.address)


@shared_lists.get("/<token>")
@public
def show(token: str, draft: Draft = EMPTY) -> Answer:
    """Show the list that a link leads to."""
    shared = _found(token)
    rows = queries.list_rows(db_session(), shared.user_id, shared.span)
    if wants_json():
        return json_answer(partial(list_json, rows, units=shared.units))
    shown = partial(list_page, rows, units=shared.units)
    address = url_for("shared_lists.tick", token=token)
    answer = form_page("shopping/shared.html", draft, list=shown, address=address, shared=shared)
    return answer.with_headers({"X-Robots-Tag": "noindex"})


@shared_lists.post("/<token>")
@sent_from(show)
@public
def tick(token: str) -> Answer:
    """Say what became of something on the list that a link leads to."""
    shared = _found(token)
    said = parsed(TickSchema(), submitted())["said"]
    visitor = client()
    run_apart(lambda session: throttle.spend(session, "shared-tick", visitor, link=shared.share_id))
    lists.say(db_session(), shared.user_id, shared.span, said, share_id=shared.share_id)
    if wants_json():
        return jsonify(id=str(said.id), state=said.state)
    return see("shared_lists.show", token=token, _anchor=said.anchor)


def _found(token: str) -> SharedList:
    """Return the list of a link, and name the link in what is logged from here on. Count links that do not work."""
    try:
        shared = services.find(db_session(), token, now=now())
    except DeadShare:
        run_apart(throttle.wrong, "shared-list", client=client())
        raise
    enter_scope(replace(current_scope(), link=str(shared.share_id)))
    return shared


def _address(token: str) -> str:
    return url_for("shared_lists.show", token=token, _external=True)

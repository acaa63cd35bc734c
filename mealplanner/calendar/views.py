"""Calendars of meals."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request, url_for

from mealplanner.auth.login import account, person, reading, units
from mealplanner.calendar import queries, services
from mealplanner.calendar.assembly import calendar_of
from mealplanner.calendar.errors import DeadFeed
from mealplanner.calendar.file import MIMETYPE
from mealplanner.calendar.values import Revisions, Setting
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import AnyRow, MenuRows, head_of
from mealplanner.telemetry.scope import current_scope, enter_scope
from mealplanner.throttle import services as throttle
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import done, see
from mealplanner.web.keys import site_keys
from mealplanner.web.pages import Answer, DeferredResponse, page
from mealplanner.web.remembered import remembered, remembered_openly
from mealplanner.web.transactions import db_session, run_apart

calendar = Blueprint("calendar", __name__)

PAST: Final = datetime.timedelta(days=14)
"""How far back a calendar that is followed begins."""
FRESH: Final = datetime.timedelta(minutes=10)
"""For how long a client need not ask again."""


@calendar.get("/calendar/")
def index() -> Answer:
    """Show the address at which the person's meals can be followed."""
    feed = services.feed(db_session(), person(), keys=site_keys())
    address = _address(feed.token) if feed and feed.token else None
    if wants_json():
        return jsonify(address=address, made_at=feed.created_at.isoformat() if feed else None)
    subscribe = f"webcal:{address.partition(':')[2]}" if address else None
    menu_id = request.args.get("menu", type=uuid.UUID)
    return page("calendar/index.html", feed=feed, address=address, subscribe=subscribe, menu_id=menu_id)


@calendar.post("/calendar/")
def make() -> Answer:
    """Make a new address; the one before it ends."""
    services.make_feed(db_session(), person(), feed_id=uuid.uuid4(), keys=site_keys(), client=client())
    return see("calendar.index")


@calendar.post("/calendar/end")
def end() -> Answer:
    """Take the address back."""
    services.end_feed(db_session(), person(), client=client())
    return done("The address of your calendar doesn't work any more.", "calendar.index")


@calendar.get("/calendar/<token>.ics")
@public
def follow(token: str) -> Answer:
    """Send recent meals and all that are coming, to any program that has the address."""
    since = now().date() - PAST
    rows = _followed(token, since)
    read = partial(_feed, rows, since)
    return remembered_openly(since, [tuple(row) for row in rows], seconds=FRESH.seconds, read=read)


@calendar.get("/menu/<uuid:menu_id>.ics")
@reading(menus.HEAD)
def of_menu(row: AnyRow) -> Answer:
    """Send the meals of a menu as a calendar."""
    found = head_of(row)
    if found.summary.status != "ready":
        return see("menu.show", menu_id=found.summary.id)
    return remembered(tuple(row), request.host_url, read=partial(_calendar, found))


def _calendar(found: MenuRows) -> Answer:
    rows = menus.with_meals(db_session(), found)
    revisions, since = queries.revisions(db_session(), [found.summary.id]), found.summary.start_date
    setting = Setting(
        name=f"Meals from {since}", since=since, zone=ZoneInfo(account().time_zone), units=units(), recipes=_recipes()
    )
    return _file([rows], revisions, setting)


def _followed(token: str, since: datetime.date) -> Sequence[AnyRow]:
    """Return the rows of a feed, and name it in what is logged from here on. Count addresses that do not work."""
    try:
        rows = queries.followed(db_session(), token, since=since)
    except DeadFeed:
        run_apart(throttle.wrong, "calendar", client=client())
        raise
    enter_scope(replace(current_scope(), link=str(rows[0].feed_id)))
    return rows


def _feed(rows: Sequence[AnyRow], since: datetime.date) -> Answer:
    owner, visitor = rows[0], client()
    run_apart(lambda session: throttle.spend(session, "calendar-drawn", visitor, link=owner.feed_id))
    found = menus.all_with_meals(db_session(), [head_of(row) for row in rows if row.id is not None])
    revisions = queries.revisions(db_session(), [menu.summary.id for menu in found])
    zone, shown = ZoneInfo(owner.time_zone), owner.units
    return _file(found, revisions, Setting(name="Meals", since=since, zone=zone, units=shown, recipes=_recipes()))


def _file(rows: Sequence[MenuRows], revisions: Revisions, setting: Setting) -> DeferredResponse:
    return DeferredResponse(build=lambda: Response(calendar_of(rows, revisions, setting), mimetype=MIMETYPE))


def _recipes() -> str:
    return url_for("recipes.index", _external=True)


def _address(token: str) -> str:
    return url_for("calendar.follow", token=token, _external=True)

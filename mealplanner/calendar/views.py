"""Calendars of meals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from mealplanner.auth.login import account, reading, units
from mealplanner.calendar import queries
from mealplanner.calendar.assembly import calendar_of
from mealplanner.calendar.file import MIMETYPE
from mealplanner.calendar.values import Revisions, Setting
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import AnyRow, MenuRows, head_of
from mealplanner.web.forms import see
from mealplanner.web.pages import Answer, DeferredResponse
from mealplanner.web.remembered import remembered
from mealplanner.web.transactions import db_session

calendar = Blueprint("calendar", __name__)


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


def _file(rows: Sequence[MenuRows], revisions: Revisions, setting: Setting) -> DeferredResponse:
    return DeferredResponse(build=lambda: Response(calendar_of(rows, revisions, setting), mimetype=MIMETYPE))


def _recipes() -> str:
    return url_for("recipes.index", _external=True)

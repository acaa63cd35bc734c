"""The pages of menus, and the first page of all."""

from __future__ import annotations

import random
import uuid
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, request, url_for
from flask_login import current_user

from mealplanner.auth.login import hours, local_time, person, reading, today, units
from mealplanner.errors import Conflict
from mealplanner.menu import queries, services
from mealplanner.menu.assembly import AnyRow, MenuRows, head_of, menu_value
from mealplanner.menu.editing.values import Moment
from mealplanner.menu.errors import KeyUsed, StillBeingMade
from mealplanner.menu.models import IN_FLIGHT
from mealplanner.menu.numbers import numbers_page
from mealplanner.menu.page import menu_groups, menu_page
from mealplanner.menu.planned_days.overlaps import DaysPlanned
from mealplanner.menu.planned_days.presentation import overlap_json
from mealplanner.menu.presentation import menu_json, progress_json, summaries_json
from mealplanner.menu.repeating import services as repeating
from mealplanner.menu.repeating.planning import repeated_week
from mealplanner.menu.repeating.schemas import RepeatSchema
from mealplanner.menu.schemas import CallsSchema, MenuRequestSchema, MenusSchema
from mealplanner.menu.services import MenuRequest
from mealplanner.menu.table import menu_csv
from mealplanner.menu.today import today_page
from mealplanner.spending import queries as spending
from mealplanner.spending.presentation import sent_json
from mealplanner.throttle import services as throttle
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import problem, wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, see, sent_from
from mealplanner.web.pages import Answer, DeferredResponse, json_answer, page
from mealplanner.web.paging import json_part
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.remembered import remembered
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session, request_unit_of_work
from mealplanner.web.waiting import keep_waiting, stop_waiting, waiting_for

DAYS_OVER = "These days are over. If you meant others, delete this menu and make another."

home = Blueprint("home", __name__)
menu = Blueprint("menu", __name__)


@home.get("/")
@public
def index() -> Answer:
    """Show what this is, or what there is to eat today."""
    if not current_user.is_authenticated:
        return page("home/landing.html")
    shown = queries.today(db_session(), person(), today())
    pending = queries.in_flight(db_session(), person())
    latest = queries.latest(db_session(), person()) if shown is None and pending is None else None
    day = partial(today_page, shown, now=local_time(), hours=hours(), units=units()) if shown is not None else None
    return page("home/today.html", today=today(), menu=shown, day=day, pending=pending, latest=latest)


@menu.get("/menu/", endpoint="index")
def menus_index(draft: Draft = EMPTY) -> Answer:
    """Show the person's menus, and the form that asks for another."""
    found = queries.menus(db_session(), person(), after=parsed(MenusSchema(), request.args)["after"])
    if wants_json():
        return json_part(lambda: found, summaries_json, "menu.index")
    groups = menu_groups(found.items, today())
    return form_page("menu/index.html", draft, groups=groups, part=found, **_asked_for(draft))


def _asked_for(draft: Draft) -> dict[str, Any]:
    """Return what the form shows: what was sent, what waits, or the next days that are free."""
    free = queries.first_free_day(db_session(), person(), today())
    in_flight, waiting = queries.in_flight(db_session(), person()), waiting_for("menu")
    if in_flight is None:
        stop_waiting("menu")
    form = draft.or_else({"start_date": free.isoformat(), "days": 7, "source": "auto", **waiting})
    context: dict[str, Any] = {
        "in_flight": in_flight,
        "waiting": waiting,
        "new_dishes": model.dishes_per_menu if (model := settings().model) else 0,
        "idempotency_key": uuid.uuid4(),
    }
    if isinstance(draft.error, DaysPlanned):
        form = {**form, "start_date": draft.error.start.isoformat()}
        context["ways"] = [(way.overlap, way.sentence) for way in draft.error.ways]
    if isinstance(draft.error, KeyUsed):
        context["errors"] = {"form": [str(draft.error)]}
    return {**context, "form": form}


@menu.post("/menu/")
@sent_from(menus_index, DaysPlanned)
def create() -> Answer:
    """Ask for a menu and lead to it; a worker makes it."""
    wanted = parsed(MenuRequestSchema(), submitted())
    throttle.spend(db_session(), "generate", client(), person=person())
    given = {**wanted, "model": settings().model, "now": now(), "today": today(), "rng": random.SystemRandom()}
    try:
        menu_id = services.generate(db_session(), person(), **given)
    except DaysPlanned as error:
        if wants_json():
            return problem(409, str(error), **overlap_json(error))
        raise
    except StillBeingMade as error:
        return _led_to(error, wanted["request"])
    stop_waiting("menu")
    if wanted["request"].is_over(today()) and not wants_json():
        flash(DAYS_OVER, "info")
    return see("menu.show", menu_id=menu_id)


def _led_to(error: StillBeingMade, wanted: MenuRequest) -> Answer:
    """Lead to the menu that is being made instead, and say so; what was asked for waits in the form."""
    address = url_for("menu.show", menu_id=error.menu_id)
    if wants_json():
        return make_response(jsonify(message=str(error)), 303, {"Location": address})
    if not error.same:
        start = {} if wanted.start_date is None else {"start_date": wanted.start_date.isoformat()}
        keep_waiting("menu", {**start, "days": wanted.days, "source": wanted.source, "seed": wanted.seed})
    flash(str(error), "info")
    return see("menu.show", menu_id=error.menu_id)


@menu.post("/menu/repeat")
@sent_from(menus_index, Conflict)
def repeat() -> Answer:
    """Serve the last week of a menu again on the next free days; it is put together while no transaction is open."""
    wanted = parsed(RepeatSchema(), submitted())
    source = wanted["menu_id"] or repeating.latest(db_session(), person())
    key = wanted["idempotency_key"] or uuid.uuid5(source, today().isoformat())
    known = repeating.existing(db_session(), person(), key)
    if known is not None:
        return see("menu.show", menu_id=known)
    kitchen = repeating.kitchen(db_session(), person(), source, today=today())
    request_unit_of_work().release()
    order = partial(repeating.store_week, content=repeated_week(kitchen), key=key, rng=random.SystemRandom())
    menu_id = order(db_session(), person(), moment=Moment(now=now(), today=today()))
    return see("menu.show", menu_id=menu_id)


@menu.get("/menu/<uuid:menu_id>")
@reading(queries.HEAD)
def show(row: AnyRow) -> Answer:
    """Show the menu, its progress, or why there is none."""
    found = head_of(row)
    if found.summary.status == "ready":
        return remembered(today(), tuple(row), read=partial(_whole, found))
    if wants_json():
        return json_answer(lambda: menu_json(menu_value(found)))
    name = "progress" if found.summary.status in IN_FLIGHT else "stopped"
    return page(f"menu/{name}.html", menu=found.summary, remedies=found.row.remedies)


@menu.get("/menu/<uuid:menu_id>/numbers")
@reading(queries.HEAD)
def numbers(row: AnyRow) -> Answer:
    """Show each day of a menu against its target."""
    found = head_of(row)
    if found.summary.status != "ready":
        return see("menu.show", menu_id=found.summary.id)
    return remembered(tuple(row), read=partial(_figures, found))


@menu.get("/menu/<uuid:menu_id>.json")
@reading(queries.HEAD)
def as_json(row: AnyRow) -> Answer:
    """Send the menu as JSON, whatever the client prefers."""
    return remembered(today(), tuple(row), read=partial(_whole_json, head_of(row)))


@menu.get("/menu/<uuid:menu_id>.csv")
@reading(queries.HEAD)
def as_csv(row: AnyRow) -> Answer:
    """Send the numbers of a menu as a table for spreadsheets."""
    found = head_of(row)
    if found.summary.status != "ready":
        return see("menu.show", menu_id=found.summary.id)
    return remembered(tuple(row), read=partial(_table, found))


def _table(found: MenuRows) -> Answer:
    rows = queries.with_meals(db_session(), found, foods=True)
    return DeferredResponse(build=partial(_drawn_table, rows))


def _drawn_table(rows: MenuRows) -> Response:
    return Response(menu_csv(menu_value(rows, ingredients=True)), mimetype="text/csv")


def _figures(found: MenuRows) -> Answer:
    return page("menu/numbers.html", menu=partial(numbers_page, queries.with_meals(db_session(), found, foods=True)))


def _whole(found: MenuRows) -> Answer:
    """Return the finished menu with its meals; all that it shows is theirs, or named where it is remembered."""
    if wants_json():
        return _whole_json(found)
    rows = queries.with_meals(db_session(), found)
    return page("menu/show.html", menu=partial(menu_page, rows, today=today(), hours=hours(), units=units()))


def _whole_json(found: MenuRows) -> Answer:
    value = partial(menu_value, queries.with_meals(db_session(), found, foods=True), units=units(), ingredients=True)
    return json_answer(lambda: menu_json(value()))


@menu.get("/menu/<uuid:menu_id>/progress")
def progress(menu_id: uuid.UUID) -> Answer:
    """Tell programs, and the page that waits, how far the menu is."""
    return jsonify(progress_json(queries.summary(db_session(), person(), menu_id)))


@menu.get("/menu/<uuid:menu_id>/sent")
def sent(menu_id: uuid.UUID) -> Answer:
    """Show what was sent to the model for a menu, word for word, and what came back."""
    found = queries.summary(db_session(), person(), menu_id)
    number = parsed(CallsSchema(), request.args)["page"]
    calls = spending.calls_of_menu(db_session(), person(), menu_id, page=number)
    use = spending.this_month(db_session(), person(), now=now())
    if wants_json():
        return json_part(lambda: calls.part, lambda _: sent_json(calls, use), "menu.sent", menu_id=menu_id, by="page")
    return page("menu/sent.html", menu=found, calls=calls, use=use)


@menu.post("/menu/<uuid:menu_id>/cancel")
def cancel(menu_id: uuid.UUID) -> Answer:
    """Stop the generation of a menu."""
    services.cancel(db_session(), person(), menu_id)
    return see("menu.show", menu_id=menu_id)


@menu.post("/menu/<uuid:menu_id>/delete")
def delete(menu_id: uuid.UUID) -> Answer:
    """Delete a menu."""
    services.delete(db_session(), person(), menu_id)
    return see("menu.index")

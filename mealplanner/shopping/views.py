"""The pages of shopping lists."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from mealplanner.auth.login import person, today, units
from mealplanner.errors import Invalid, NotFound
from mealplanner.food.pack_table import SHOP_AISLES
from mealplanner.food.wording import WEIGHTS, Units
from mealplanner.presentation.formatting import date_range
from mealplanner.shopping import queries, services
from mealplanner.shopping.assembly import in_order, shopping_list
from mealplanner.shopping.page import food_page, list_page, span_links
from mealplanner.shopping.presentation import list_json
from mealplanner.shopping.schemas import AislesSchema, DaysSchema, ItemSchema, NoteSchema, SpanSchema, TickSchema
from mealplanner.shopping.spans import next_to_shop_for
from mealplanner.shopping.values import ListRows, PlannedSpan, Said, Span
from mealplanner.shopping.words import list_text
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, done, form_page, see, sent_from
from mealplanner.web.pages import Answer, DeferredResponse, json_answer
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session

shopping = Blueprint("shopping", __name__)

RECENT = datetime.timedelta(days=7)
"""Menus that ended within it are still offered."""


@shopping.get("/shopping/")
def index(draft: Draft = EMPTY) -> Answer:
    """Show the list of some days: those that are named, or those that the person most likely shops for."""
    spans = queries.planned_spans(db_session(), person(), since=today() - RECENT)
    span, draft = _asked_for(draft)
    return _list(span or next_to_shop_for(spans, today()), spans, url_for("shopping.index"), draft)


@shopping.post("/shopping/")
@sent_from(index)
def tick() -> Answer:
    """Say what became of something on the list."""
    said, span = _ticked()
    services.say(db_session(), person(), span, said)
    return _ticked_off(said, "shopping.index", **span.address)


@shopping.get("/menu/<uuid:menu_id>/shopping")
def of_menu(menu_id: uuid.UUID) -> Answer:
    """Show the list of a menu's days."""
    spans = queries.planned_spans(db_session(), person(), since=today() - RECENT, menu_id=menu_id)
    return _list(_of_menu(spans, menu_id), spans, url_for("shopping.of_menu", menu_id=menu_id))


@shopping.post("/menu/<uuid:menu_id>/shopping")
def tick_of_menu(menu_id: uuid.UUID) -> Answer:
    """Say what became of something on the list of a menu's days."""
    said = parsed(TickSchema(), submitted())["said"]
    spans = queries.planned_spans(db_session(), person(), since=today(), menu_id=menu_id)
    services.say(db_session(), person(), _of_menu(spans, menu_id), said)
    return _ticked_off(said, "shopping.of_menu", menu_id=menu_id)


@shopping.get("/shopping/list.txt")
def text() -> Answer:
    """Return what is left to buy as plain text."""
    return _text(parsed(DaysSchema(), request.args)["span"])


@shopping.get("/menu/<uuid:menu_id>/shopping.txt")
def text_of_menu(menu_id: uuid.UUID) -> Answer:
    """Return what is left to buy for a menu as plain text."""
    spans = queries.planned_spans(db_session(), person(), since=today(), menu_id=menu_id)
    return _text(_of_menu(spans, menu_id))


@shopping.post("/shopping/items")
@sent_from(index)
def add_item() -> Answer:
    """Write something of one's own on the list."""
    sent = submitted()
    wanted, span = parsed(ItemSchema(), sent), parsed(DaysSchema(), sent)["span"]
    services.add_item(db_session(), person(), span, **wanted)
    return done(f"“{wanted['text']}” is on your list.", "shopping.index", **span.address, _anchor="own")


@shopping.post("/shopping/items/<uuid:item_id>/remove")
def remove_item(item_id: uuid.UUID) -> Answer:
    """Take something of one's own off the list."""
    span = parsed(DaysSchema(), submitted())["span"]
    services.remove_item(db_session(), person(), item_id, now=now())
    return done("Taken off your list.", "shopping.index", **span.address)


@shopping.get("/shopping/foods/<food>")
def food_form(food: str, draft: Draft = EMPTY) -> Answer:
    """Show which meals ask for a food, and the forms for another amount and for a note."""
    span = parsed(DaysSchema(), request.values)["span"]
    rows = queries.list_rows(db_session(), person(), span)
    shown = food_page(rows, food, units=units())
    return form_page("shopping/food.html", draft, food=shown, span=span, units=_units())


@shopping.post("/shopping/foods/<food>")
@sent_from(food_form)
def buy_amount(food: str) -> Answer:
    """Say that another amount of a food was bought than the list asks for."""
    sent = submitted()
    said, span = parsed(TickSchema(), {**sent, "food": food})["said"], parsed(DaysSchema(), sent)["span"]
    services.say(db_session(), person(), span, said)
    return _ticked_off(said, "shopping.index", **span.address)


@shopping.post("/shopping/foods/<food>/note")
@sent_from(food_form)
def write_note(food: str) -> Answer:
    """Remember a note on a food."""
    sent = submitted()
    note, span = parsed(NoteSchema(), sent), parsed(DaysSchema(), sent)["span"]
    services.write_note(db_session(), person(), food, **note)
    message = "We'll show your note whenever it is on the list." if note["text"] else "Your note is gone."
    return done(message, "shopping.index", **span.address, _anchor=f"food-{food}")


@shopping.post("/shopping/changes/accept")
def accept_changes() -> Answer:
    """Show changes against the list as it is now."""
    span = parsed(DaysSchema(), submitted())["span"]
    services.accept_changes(db_session(), person(), span)
    return see("shopping.index", **span.address)


@shopping.get("/shopping/aisles")
def aisles_form(draft: Draft = EMPTY) -> Answer:
    """Show the order of the aisles in the person's shop."""
    aisles = in_order(queries.aisles(db_session(), person()))
    if wants_json():
        return json_answer(lambda: {"aisles": list(aisles)})
    return form_page("shopping/aisles.html", draft, aisles=[(aisle, SHOP_AISLES[aisle]) for aisle in aisles])


@shopping.post("/shopping/aisles")
@sent_from(aisles_form)
def order_aisles() -> Answer:
    """Remember the order of the aisles in the person's shop."""
    wanted = parsed(AislesSchema(), submitted())
    services.order_aisles(db_session(), person(), wanted["aisles"])
    if wants_json():
        return json_answer(lambda: {"aisles": list(in_order(wanted["aisles"]))})
    return see("shopping.aisles_form", _anchor=wanted["moved"])


def _list(span: Span, spans: list[PlannedSpan], address: str, draft: Draft = EMPTY) -> Answer:
    rows = queries.list_rows(db_session(), person(), span)
    if wants_json():
        return json_answer(partial(list_json, rows, units=units()))
    context = {
        "list": partial(list_page, rows, units=units()),
        "menus": span_links(spans, span),
        "address": address,
        "span": span,
        "item_id": uuid.uuid4(),
    }
    return form_page("shopping/list.html", draft, **context)


def _text(span: Span) -> Answer:
    rows = queries.list_rows(db_session(), person(), span)
    return DeferredResponse(build=partial(_plain, rows, units()))


def _plain(rows: ListRows, in_units: Units) -> Response:
    title = date_range(rows.span.first, rows.span.days)
    return Response(list_text(title, shopping_list(rows, units=in_units)), mimetype="text/plain")


def _asked_for(draft: Draft) -> tuple[Span | None, Draft]:
    """Return the days that were asked for, and for people, when these make no sense, a draft that says so."""
    try:
        return parsed(SpanSchema(), request.values)["span"], draft
    except Invalid as error:
        if wants_json():
            raise
        return None, Draft(request.values, draft.error or error)


def _ticked() -> tuple[Said, Span]:
    sent = submitted()
    return parsed(TickSchema(), sent)["said"], parsed(DaysSchema(), sent)["span"]


def _ticked_off(said: Said, endpoint: str, **place: Any) -> Answer:
    """Answer a tick: programs get its id, and people the list where they were."""
    if wants_json():
        return jsonify(id=str(said.id), state=said.state)
    return see(endpoint, **place, _anchor=said.anchor)


def _of_menu(spans: list[PlannedSpan], menu_id: uuid.UUID) -> Span:
    found = next((one.span for one in spans if one.menu_id == menu_id), None)
    if found is None:
        raise NotFound
    return found


def _units() -> list[str]:
    return list(WEIGHTS) if units() == "metric" else list(WEIGHTS)[::-1]

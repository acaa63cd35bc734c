"""Changing the meals of a menu. Each edit leads back to its day, or answers programs with the whole menu."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, request, url_for

from mealplanner.auth.login import account, hours, local_time, person, today, units
from mealplanner.errors import Conflict
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import menu_value
from mealplanner.menu.editing import decisions, offers, queries, services
from mealplanner.menu.editing.decisions import Decision, Serving
from mealplanner.menu.editing.pages import meal_page
from mealplanner.menu.editing.presentation import journal_json, offers_json, past_edits
from mealplanner.menu.editing.schemas import (
    CookedSchema,
    CopySchema,
    EatenSchema,
    EditSchema,
    JournalSchema,
    MoveSchema,
    NoteSchema,
    PortionSchema,
    RebalanceSchema,
    SearchSchema,
    SkipSchema,
    StepSchema,
    SwapSchema,
)
from mealplanner.menu.editing.values import Moment, Seen, Stored
from mealplanner.menu.presentation import menu_json
from mealplanner.menu.rebalancing import services as rebalancing
from mealplanner.menu.rebalancing.planning import BALANCED, balanced, open_meals
from mealplanner.menu.repeating.planning import copied_day
from mealplanner.web.clients import now
from mealplanner.web.errors import wants_json
from mealplanner.web.forms import EMPTY, Draft, form_page, next_page, searched, see, sent_from
from mealplanner.web.pages import Answer, json_answer
from mealplanner.web.paging import json_part
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.transactions import db_session, request_unit_of_work

editing = Blueprint("editing", __name__, url_prefix="/menu/<uuid:menu_id>")


@editing.get("/meals/<uuid:meal_id>")
def meal(menu_id: uuid.UUID, meal_id: uuid.UUID, draft: Draft = EMPTY) -> Answer:
    """Show a meal and everything that can be changed about it, with what was sent and could not be used."""
    menu = queries.open_menu(db_session(), person(), menu_id)
    energy = queries.skip_energy(db_session(), person())
    shown = meal_page(menu, meal_id, today=today(), hours=hours())
    return form_page("menu/meal.html", draft, shown=shown, skip_energy=energy, stale=draft.status == 409)


@editing.get("/meals/<uuid:meal_id>/alternatives")
def alternatives(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Show what could be served instead, or what a search finds, and what each dish does to the day."""
    wanted, draft = searched(SearchSchema())
    text = wanted["q"].strip()
    kitchen = queries.kitchen(db_session(), person(), menu_id, today=today())
    kitchen.menu.meal(meal_id)  # a meal of another menu is not found while the answer can still say so
    if wants_json():
        return json_answer(lambda: offers_json(kitchen, offers.offers(kitchen, meal_id, text=text)))
    shown = meal_page(kitchen.menu, meal_id, today=today(), hours=hours())
    found = partial(offers.offers, kitchen, meal_id, text=text)
    return form_page("menu/swap.html", draft, shown=shown, offers=found, text=text)


@editing.post("/meals/<uuid:meal_id>/swap")
@sent_from(meal, Conflict)
def swap(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Serve another dish: the one that was chosen, or a surprise. It is found while no transaction is open."""
    wanted = parsed(SwapSchema(), submitted())
    kitchen = queries.kitchen(db_session(), person(), menu_id, today=today())
    request_unit_of_work().release()
    board, rng = offers.board(kitchen, meal_id), random.SystemRandom()
    serving = offers.choose(board, wanted["recipe_id"], wanted["portion"], rng)
    return _edited(menu_id, meal_id, wanted, "swap", partial(decisions.swap, serving=serving))


@editing.post("/meals/<uuid:meal_id>/lock")
@sent_from(meal, Conflict)
def lock(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Keep a meal whatever else changes."""
    wanted = parsed(EditSchema(), submitted())
    return _edited(menu_id, meal_id, wanted, "lock", partial(decisions.keep, locked=True))


@editing.post("/meals/<uuid:meal_id>/unlock")
@sent_from(meal, Conflict)
def unlock(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Let a meal be changed again."""
    wanted = parsed(EditSchema(), submitted())
    return _edited(menu_id, meal_id, wanted, "unlock", partial(decisions.keep, locked=False))


@editing.post("/meals/<uuid:meal_id>/move")
@sent_from(meal, Conflict)
def move(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Let a meal change places with another."""
    wanted = parsed(MoveSchema(), submitted())
    place = {name: wanted[name] for name in ("date", "slot", "time")}
    return _edited(menu_id, meal_id, wanted, "move", partial(decisions.move, **place))


@editing.post("/meals/<uuid:meal_id>/portion")
@sent_from(meal, Conflict)
def portion(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Change what one person gets, how many people eat, or both."""
    wanted = parsed(PortionSchema(), submitted())
    size = {name: wanted[name] for name in ("portion", "servings")}
    return _edited(menu_id, meal_id, wanted, "portion", partial(decisions.resize, **size))


@editing.post("/meals/<uuid:meal_id>/skip")
@sent_from(meal, Conflict)
def skip(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Skip a meal; the portions that share its energy are found while no transaction is open."""
    wanted = parsed(SkipSchema(), submitted())
    kitchen = queries.kitchen(db_session(), person(), menu_id)
    request_unit_of_work().release()
    kitchen.menu.meal(meal_id)  # a meal that is not there is not found, whatever else is missing
    energy = offers.energy(wanted["energy"] or kitchen.skip_energy)
    others = offers.portions(kitchen, meal_id, skipped=energy)
    seen = _seen(menu_id, meal_id, wanted)
    return _shown(menu_id, services.skip(db_session(), seen, energy=energy, others=others, moment=_moment()))


@editing.post("/meals/<uuid:meal_id>/unskip")
@sent_from(meal, Conflict)
def unskip(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Plan a meal again that was skipped, and take back the energy that was shared."""
    wanted = parsed(EditSchema(), submitted())
    kitchen = queries.kitchen(db_session(), person(), menu_id)
    request_unit_of_work().release()
    portions = offers.portions(kitchen, meal_id, skipped=None)
    return _edited(menu_id, meal_id, wanted, "unskip", partial(decisions.unskip, others=portions))


@editing.post("/meals/<uuid:meal_id>/note")
@sent_from(meal, Conflict)
def note(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Write something beside a meal."""
    wanted = parsed(NoteSchema(), submitted())
    return _edited(menu_id, meal_id, wanted, "note", partial(decisions.annotate, note=wanted["note"]))


@editing.post("/meals/<uuid:meal_id>/eaten")
@sent_from(meal, Conflict)
def eaten(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Mark a meal as eaten, or take the mark away."""
    wanted = parsed(EatenSchema(), submitted())
    return _edited(menu_id, meal_id, wanted, "eaten", partial(decisions.eat, eaten=wanted["eaten"], now=now()))


@editing.post("/meals/<uuid:meal_id>/cooked")
@sent_from(meal, Conflict)
def cooked(menu_id: uuid.UUID, meal_id: uuid.UUID) -> Answer:
    """Mark a meal as cooked, or take the mark away."""
    wanted = parsed(CookedSchema(), submitted())
    return _edited(menu_id, meal_id, wanted, "cooked", partial(decisions.cook, cooked=wanted["cooked"], now=now()))


@editing.get("/history")
def history(menu_id: uuid.UUID, draft: Draft = EMPTY) -> Answer:
    """Show every edit of a menu, the newest first."""
    after = parsed(JournalSchema(), request.args)["after"]
    found = queries.journal(db_session(), person(), menu_id, before=after and after[0])
    edits = partial(past_edits, found)
    if wants_json():
        return json_part(lambda: found.edits, lambda _: journal_json(edits()), "editing.history", menu_id=menu_id)
    context = {"menu": found.summary, "zone": ZoneInfo(account().time_zone), "part": found.edits}
    return form_page("menu/history.html", draft, edits=edits, **context)


@editing.post("/undo")
@sent_from(history, Conflict)
def undo(menu_id: uuid.UUID) -> Answer:
    """Take back the latest edit."""
    wanted = parsed(StepSchema(), submitted())
    return _shown(menu_id, services.undo(db_session(), person(), menu_id, **wanted, moment=_moment()))


@editing.post("/redo")
@sent_from(history, Conflict)
def redo(menu_id: uuid.UUID) -> Answer:
    """Make the edit again that was undone last."""
    wanted = parsed(StepSchema(), submitted())
    return _shown(menu_id, services.redo(db_session(), person(), menu_id, **wanted, moment=_moment()))


@editing.post("/rebalance")
@sent_from(history, Conflict)
def rebalance(menu_id: uuid.UUID) -> Answer:
    """Plan a day again, or have a worker plan the rest of the menu again."""
    wanted = parsed(RebalanceSchema(), submitted())
    if wanted["day"] is not None:
        return _day_balanced(menu_id, **wanted)
    rebalancing.request(db_session(), person(), menu_id, version=wanted["version"], now=local_time())
    return see("rebalancing.progress", menu_id=menu_id)


def _day_balanced(menu_id: uuid.UUID, *, day: datetime.date, version: int) -> Answer:
    """Plan a day again; what to serve is found while no transaction is open."""
    kitchen = queries.kitchen(db_session(), person(), menu_id, today=today())
    request_unit_of_work().release()
    servings = balanced(kitchen, open_meals(kitchen.menu, date=day, now=local_time()))
    stored = _replaced(menu_id, version, "rebalance", servings)
    unchanged = replace(stored, date=day, text=BALANCED)
    return _shown(menu_id, stored if stored.version > version else unchanged)


@editing.post("/copy-day")
@sent_from(history, Conflict)
def copy_day(menu_id: uuid.UUID) -> Answer:
    """Serve the meals of one day on another day of the menu too."""
    wanted = parsed(CopySchema(), submitted())
    menu = queries.open_menu(db_session(), person(), menu_id)
    servings = copied_day(menu, source=wanted["source"], to=wanted["to"])
    return _shown(menu_id, _replaced(menu_id, wanted["version"], "copy", servings))


def _replaced(menu_id: uuid.UUID, version: int, what: str, servings: Mapping[uuid.UUID, Serving]) -> Stored:
    order = partial(services.replace_meals, version=version, what=what, servings=servings)
    return order(db_session(), person(), menu_id, moment=_moment())


def _edited(menu_id: uuid.UUID, meal_id: uuid.UUID, wanted: dict[str, Any], what: str, decide: Decision) -> Answer:
    seen = _seen(menu_id, meal_id, wanted)
    return _shown(menu_id, services.edit_meal(db_session(), seen, what=what, decide=decide, moment=_moment()))


def _seen(menu_id: uuid.UUID, meal_id: uuid.UUID, wanted: dict[str, Any]) -> Seen:
    return Seen(user_id=person(), menu_id=menu_id, meal_id=meal_id, version=wanted["version"])


def _moment() -> Moment:
    return Moment(now=now(), today=today())


def _shown(menu_id: uuid.UUID, stored: Stored) -> Answer:
    """Lead back to where the edit was made, or else to its day; programs get the whole menu."""
    if wants_json():
        value = partial(
            menu_value, menus.menu(db_session(), person(), menu_id, foods=True), units=units(), ingredients=True
        )
        return json_answer(lambda: menu_json(value()))
    flash(stored.text, stored.way_back)
    day = url_for("menu.show", menu_id=menu_id, _anchor=f"day-{stored.date.isoformat()}")
    return make_response(redirect(next_page() or day, 303))

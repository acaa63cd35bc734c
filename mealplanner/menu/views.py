"""The pages of menus, and the first page of all."""

from __future__ import annotations

import random
import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, url_for
from flask_login import current_user

from mealplanner.auth.login import person, today, units
from mealplanner.errors import Invalid, TooMany
from mealplanner.menu import queries, services
from mealplanner.menu.models import IN_FLIGHT
from mealplanner.menu.page import day_page, day_pages
from mealplanner.menu.presentation import menu_json, progress_json, summary_json
from mealplanner.menu.schemas import WishSchema
from mealplanner.spending import queries as spending
from mealplanner.spending.presentation import call_json, use_json
from mealplanner.throttle import services as throttle
from mealplanner.web.access import public
from mealplanner.web.clients import client, now
from mealplanner.web.errors import later, wants_json
from mealplanner.web.parsing import parsed, submitted
from mealplanner.web.settings import settings
from mealplanner.web.transactions import db_session

home = Blueprint("home", __name__)
menu = Blueprint("menu", __name__)


@home.get("/")
@public
def index() -> Response:
    """What this is, or what there is to eat today."""
    if not current_user.is_authenticated:
        return make_response(render_template("home/landing.html"))
    date = today()
    shown = queries.today(db_session(), person(), date, units=units())
    day = day_page(shown.days[0], shown.targets) if shown is not None else None
    pending = queries.in_flight(db_session(), person())
    latest = queries.latest(db_session(), person()) if shown is None and pending is None else None
    context = {"menu": shown, "day": day, "pending": pending, "latest": latest}
    return make_response(render_template("home/today.html", today=date, **context))


@menu.get("/menu/", endpoint="index")
def menus_index() -> Response:
    """The person's menus, and the form that asks for another."""
    return _index({"start_date": today().isoformat(), "days": 7, "seed": "", "source": "auto"})


@menu.post("/menu/")
def create() -> Response:
    """Asks for a menu and leads to it; it is made by a worker."""
    try:
        wish = parsed(WishSchema(), submitted())
        throttle.spend(db_session(), "generate", client(), person=person())
        rng = random.SystemRandom()
        menu_id = services.generate(db_session(), person(), **wish, model=settings().model, now=now(), rng=rng)
    except Invalid as error:
        if wants_json():
            raise
        return _index(submitted().to_dict(), 422, errors=error.errors)
    except TooMany as error:
        if wants_json():
            raise
        return later(_index(submitted().to_dict(), 429, errors={"form": [str(error)]}), error)
    return make_response(redirect(url_for("menu.show", menu_id=menu_id), 303))


@menu.get("/menu/<uuid:menu_id>")
def show(menu_id: uuid.UUID) -> Response:
    """The menu, its progress, or why there is none."""
    found = queries.menu(db_session(), person(), menu_id, units=units())
    if wants_json():
        return jsonify(menu_json(found))
    if found.summary.status == "ready":
        days = day_pages(found.days, found.targets)
        return make_response(render_template("menu/show.html", menu=found, days=days))
    name = "progress" if found.summary.status in IN_FLIGHT else "stopped"
    return make_response(render_template(f"menu/{name}.html", menu=found.summary))


@menu.get("/menu/<uuid:menu_id>/progress")
def progress(menu_id: uuid.UUID) -> Response:
    """How far the menu is, for programs and for the page that waits."""
    return jsonify(progress_json(queries.summary(db_session(), person(), menu_id)))


@menu.get("/menu/<uuid:menu_id>/sent")
def sent(menu_id: uuid.UUID) -> Response:
    """What was said to the model for a menu, word for word, and what came back."""
    found = queries.summary(db_session(), person(), menu_id)
    calls = spending.calls_of_menu(db_session(), person(), menu_id)
    use = spending.this_month(db_session(), person(), now=now())
    if wants_json():
        return jsonify(calls=[call_json(call) for call in calls], this_month=use_json(use))
    return make_response(render_template("menu/sent.html", menu=found, calls=calls, use=use))


@menu.post("/menu/<uuid:menu_id>/cancel")
def cancel(menu_id: uuid.UUID) -> Response:
    """Stops the making of a menu."""
    services.cancel(db_session(), person(), menu_id)
    return make_response(redirect(url_for("menu.show", menu_id=menu_id), 303))


@menu.post("/menu/<uuid:menu_id>/delete")
def delete(menu_id: uuid.UUID) -> Response:
    """Deletes a menu."""
    services.delete(db_session(), person(), menu_id)
    return make_response(redirect(url_for("menu.index"), 303))


def _index(form: dict[str, Any], status: int = 200, errors: dict[str, list[str]] | None = None) -> Response:
    found = queries.menus(db_session(), person())
    if wants_json():
        return jsonify(menus=[summary_json(summary) for summary in found])
    making = next((summary for summary in found if summary.status in IN_FLIGHT), None)
    context = {"menus": found, "in_flight": making, "form": form, "errors": errors or {}}
    new_dishes = model.dishes_per_menu if (model := settings().model) else 0
    page = render_template("menu/index.html", idempotency_key=uuid.uuid4(), new_dishes=new_dishes, **context)
    return make_response(page, status)

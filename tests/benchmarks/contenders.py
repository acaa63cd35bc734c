"""The applications that are compared, for gunicorn: `tests.benchmarks.contenders:ours()` and so on.

Those that are not ours answer three addresses of ours with the same pages: same templates, same signed cookie, same
CSRF check, same words, same compression, same validation of forms, same password hashes. They have no scopes, no
request ids, no logs, no figures, no throttling, no record of sign-ins, no security headers, and nothing that keeps them
from leaking.
"""

from __future__ import annotations

import datetime
import gzip
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from flask import Flask, Response, abort, flash, g, redirect, render_template, request, session, url_for
from flask_wtf import CSRFProtect
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb
from sqlalchemy import case, func, select

from mealplanner import create_app
from mealplanner.auth.accounts import Account
from mealplanner.auth.login import SECRET, SignedIn
from mealplanner.auth.models import User
from mealplanner.auth.passwords.hashing import matches
from mealplanner.auth.sessions import lifetime
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.menu.assembly import MenuRows, menu_value, summary_of
from mealplanner.menu.models import Meal, Menu
from mealplanner.menu.page import page_of
from mealplanner.menu.planned_days.ownership import ELSEWHERE
from mealplanner.menu.values import MenuValue
from mealplanner.preferences.models import UserProfile
from mealplanner.preferences.schemas import PreferencesSchema, VersionSchema, from_form
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.queries import COMPOSITION
from mealplanner.spending.models import ModelCall
from mealplanner.unguessable import hash_of
from mealplanner.web.compression import LEVEL, SMALLEST, takes_gzip
from mealplanner.web.parsing import parsed
from mealplanner.web.remembered import init_memory

POOL, OVERFLOW = 8, 2
"""Connections that each process keeps, and how many more it may open: as in ours, in all contenders with a pool."""

Lend = Callable[[], AbstractContextManager[Any]]
"""Lends a psycopg connection for a block, which is committed at its end and rolled back if it raises."""

ACCOUNT = """
    SELECT users.id, email, session_token, verified_at IS NOT NULL AS verified, time_zone, units, hours, dates,
        sessions.created_at, sessions.used_at
    FROM sessions JOIN users ON users.id = sessions.user_id WHERE secret_hash = %s AND disabled_at IS NULL
"""
BY_EMAIL = "SELECT id, password_hash, disabled_at FROM users WHERE email_key = %s"
BEGIN = """
    INSERT INTO sessions (id, user_id, secret_hash, browser, address, created_at, used_at)
    VALUES (%s, %s, %s, 'a program', 'this machine', now(), now())
"""
MENU = """
    SELECT menus.*, EXISTS (SELECT FROM model_calls WHERE menu_id = menus.id) AS model_asked,
        undoable IS NOT NULL AS can_undo, redoable IS NOT NULL AS can_redo,
        (SELECT jsonb_object_agg(date - menus.start_date, menu_id) FROM planned_days WHERE user_id = menus.user_id
            AND menu_id <> menus.id AND date >= menus.start_date AND date < menus.start_date + menus.days) AS elsewhere
    FROM menus WHERE id = %s AND user_id = %s
"""
MEALS = """
    SELECT meals.*, recipes.title, recipes.owner_id, recipes.minutes, recipes.cuisine, recipes.main_protein,
        recipes.day_before, recipes.makes,
        CASE WHEN recipes.day_before <> '' THEN ARRAY(SELECT food_id FROM recipe_ingredients
            WHERE recipe_id = recipes.id ORDER BY position) END AS prepared_foods,
        CASE WHEN recipes.day_before <> '' THEN ARRAY(SELECT grams FROM recipe_ingredients
            WHERE recipe_id = recipes.id ORDER BY position) END AS prepared_grams
    FROM meals JOIN recipes ON recipes.id = meals.recipe_id WHERE menu_id = %s ORDER BY day, position
"""
FIELDS = tuple(Preferences().as_dict())
RECIPE = frozenset(("title", "owner_id", "minutes", "cuisine", "main_protein", "day_before", "makes"))
"""Columns of a recipe, in the row of a meal."""

SAVE = f"""
    UPDATE user_profiles SET {", ".join(f"{name} = %({name})s" for name in FIELDS)}, version = version + 1,
        updated_at = now()
    WHERE user_id = %(user_id)s AND version = %(version)s RETURNING version
"""


def ours() -> Flask:
    """Return the product as it is."""
    return create_app(Config.from_environ())


def ours_forgetful() -> Flask:
    """Return the product without a memory of the pages that it has drawn, so that every view is the first one."""
    app = ours()
    init_memory(app, limit=0)
    return app


def hello() -> Flask:
    """Return an application without pages: what Flask and gunicorn cost by themselves."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "Hello, world")
    return app


def raw() -> Flask:
    """Return the pages written by hand: a connection for each request, closed in a `finally`."""
    conninfo = address(Config.from_environ())

    @contextmanager
    def lend() -> Iterator[psycopg.Connection[Any]]:
        connection = psycopg.connect(conninfo, row_factory=namedtuple_row)
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    return _by_hand(lend)


def pooled() -> Flask:
    """Return the pages written by hand, with psycopg's own pool."""
    from psycopg_pool import ConnectionPool

    conninfo, options = address(Config.from_environ()), {"row_factory": namedtuple_row}
    return _by_hand(
        ConnectionPool(conninfo, kwargs=options, min_size=POOL, max_size=POOL + OVERFLOW, open=True).connection
    )


def flask_sqlalchemy() -> Flask:
    """Return the pages on Flask-SQLAlchemy with entities and a commit in the view, as its documentation has it."""
    from flask_sqlalchemy import SQLAlchemy

    app = _bare()
    app.config["SQLALCHEMY_DATABASE_URI"] = Config.from_environ().database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": POOL, "max_overflow": OVERFLOW}
    db = SQLAlchemy(app)

    def signed_in() -> User:
        query = select(User, OpenSession.created_at, OpenSession.used_at).join(OpenSession)
        mine = (OpenSession.secret_hash == _secret_hash()) & User.disabled_at.is_(None)
        person, *moments = db.session.execute(query.where(mine)).one_or_none() or abort(401)
        _still_alive(*moments)
        return _let_in(person)

    def show(menu_id: uuid.UUID) -> str:
        person = signed_in()
        asked = select(ModelCall.id).where(ModelCall.menu_id == Menu.id).exists()
        query = select(Menu, asked, ELSEWHERE).where(Menu.id == menu_id, Menu.user_id == person.id)
        menu, menu.model_asked, menu.elsewhere = db.session.execute(query).one_or_none() or abort(404)
        menu.can_undo, menu.can_redo = menu.undoable is not None, menu.redoable is not None
        prepared = (case((Recipe.day_before != "", column.element)) for column in COMPOSITION)
        meals = select(Meal, Recipe, *prepared).join(Recipe, Recipe.id == Meal.recipe_id).where(Meal.menu_id == menu_id)
        found = db.session.execute(meals.order_by(Meal.day, Meal.position)).all()
        return _page(menu, [_Row(*pair) for pair in found])

    def save(**_part: Any) -> Any:
        person = signed_in()
        values = _typed()
        query = select(UserProfile).where(UserProfile.user_id == person.id, UserProfile.version == values["version"])
        stored = db.session.scalar(query.with_for_update()) or abort(409)
        for name, value in values["preferences"].as_dict().items():
            setattr(stored, name, value)
        stored.version += 1
        db.session.commit()
        return _saved()

    def login() -> Any:
        found = db.session.scalar(select(User).where(func.lower(User.email) == request.form["email"].lower()))
        _prove(found)
        begun, moment = str(uuid.uuid4()), utc_now()
        made = {"browser": "a program", "address": "this machine", "created_at": moment, "used_at": moment}
        db.session.add(OpenSession(user_id=found.id, secret_hash=hash_of(begun), **made))
        db.session.commit()
        return _welcome(begun)

    return _serving(app, show, save, login)


def _by_hand(lend: Lend) -> Flask:
    def signed_in(connection: psycopg.Connection[Any]) -> Any:
        found = connection.execute(ACCOUNT, [_secret_hash()]).fetchone() or abort(401)
        _still_alive(found.created_at, found.used_at)
        return _let_in(found)

    def show(menu_id: uuid.UUID) -> Any:
        with lend() as connection:
            person = signed_in(connection)
            menu = connection.execute(MENU, [menu_id, person.id]).fetchone() or abort(404)
            etag = f"{menu.version} {person.units} {person.hours} {utc_now().date()}"
            if request.if_none_match.contains_weak(etag):
                return Response(status=304)
            rows = connection.execute(MEALS, [menu_id]).fetchall()
            return _page(menu, rows), {"ETag": f'W/"{etag}"'}

    def save(**_part: Any) -> Any:
        with lend() as connection:
            person = signed_in(connection)
            values = _typed()
            columns = {name: _jsonb(value) for name, value in values["preferences"].as_dict().items()}
            place = {"user_id": person.id, "version": values["version"]}
            connection.execute(SAVE, columns | place).fetchone() or abort(409)
            return _saved()

    def login() -> Any:
        with lend() as connection:
            found = connection.execute(BY_EMAIL, [request.form["email"]]).fetchone()
            _prove(found)
            begun = str(uuid.uuid4())
            connection.execute(BEGIN, [uuid.uuid4(), found.id, hash_of(begun)])
            return _welcome(begun)

    return _serving(_bare(), show, save, login)


# What all of them share with ours -----------------------------------------------------------------------------------


class _Row:
    """Entities as one row."""

    def __init__(self, meal: Meal, recipe: Recipe, prepared_foods: Any, prepared_grams: Any) -> None:
        self._meal, self._recipe = meal, recipe
        self.prepared_foods, self.prepared_grams = prepared_foods, prepared_grams

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recipe if name in RECIPE else self._meal, name)


def _bare() -> Flask:
    """Return Flask with our templates, addresses, key and CSRF check, and with none of our hooks."""
    model = create_app(Config.from_environ())
    app = Flask("contender", static_folder=None)
    app.secret_key = model.secret_key
    app.jinja_env = model.jinja_env
    app.url_map = model.url_map
    app.config.update(WTF_CSRF_TIME_LIMIT=None, PERMANENT_SESSION_LIFETIME=lifetime.LONGEST)
    app.config.update(SESSION_REFRESH_EACH_REQUEST=False)
    CSRFProtect(app)
    app.after_request(_compressed)
    return app


def _compressed(response: Response) -> Response:
    """Compress a page as far as ours is, and in one piece."""
    response.vary.add("Accept-Encoding")
    if takes_gzip() and len(text := response.get_data()) >= SMALLEST:
        response.set_data(gzip.compress(text, LEVEL))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _serving(app: Flask, show: Callable[..., Any], save: Callable[..., Any], login: Callable[..., Any]) -> Flask:
    app.view_functions |= {"menu.show": show, "preferences.save": save, "auth.login": login}
    return app


def address(config: Config) -> str:
    """Return the address of the database, as psycopg understands it."""
    return (config.database_url or "").replace("postgresql+psycopg:", "postgresql:")


def _secret_hash() -> bytes:
    return hash_of(session[SECRET]) if SECRET in session else abort(401)


def _still_alive(created_at: datetime.datetime, used_at: datetime.datetime) -> None:
    if not lifetime.alive(created_at, used_at, utc_now()):
        abort(401)


def _let_in(found: Any) -> Any:
    verified = found.verified_at is not None if isinstance(found, User) else found.verified
    g._login_user = SignedIn(
        Account(
            id=found.id,
            email=found.email,
            session_token=found.session_token,
            verified=verified,
            time_zone=found.time_zone,
            units=found.units,
            hours=found.hours,
            dates=found.dates,
        )
    )
    return found


def _prove(found: Any) -> None:
    if not matches(request.form["password"], found and found.password_hash) or found.disabled_at is not None:
        abort(401)


def _welcome(begun: str) -> Response:
    session.clear()
    session.permanent = True
    session.update({SECRET: begun, "_fresh": True, **lifetime.typed(utc_now())})
    return redirect(url_for("home.index"), 303)  # type: ignore[return-value]


def _typed() -> dict[str, Any]:
    typed = {**from_form(request.form), "version": request.form.get("version", "")}
    return parsed(PreferencesSchema(), typed) | parsed(VersionSchema(), typed)


def _saved() -> Response:
    flash("Your preferences are saved.", "success")
    return redirect(url_for("preferences.edit"), 303)  # type: ignore[return-value]


def _jsonb(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, list | dict) else value


def _page(menu: Any, rows: Iterable[Any]) -> str:
    week = _week(menu, rows)
    return render_template("menu/show.html", menu=page_of(week, today=utc_now().date()))


def _week(menu: Any, rows: Iterable[Any]) -> MenuValue:
    """Return our values from the rows of any contender, put together as ours are."""
    return menu_value(MenuRows(summary=summary_of(menu), row=menu, meals=list(rows)))

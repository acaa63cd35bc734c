"""Where the time of a page goes: each layer of the product called alone, in this process, one call after another."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg
from flask import Flask, g, render_template
from psycopg.rows import namedtuple_row
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mealplanner import create_app
from mealplanner.auth.accounts import account_of
from mealplanner.auth.login import SignedIn
from mealplanner.auth.sessions.services import row_by_secret
from mealplanner.client import utc_now
from mealplanner.menu import queries
from mealplanner.menu.assembly import MenuRows, head_of, menu_value
from mealplanner.menu.page import menu_page
from mealplanner.menu.values import MenuValue
from mealplanner.storage.database import Database
from mealplanner.web.remembered import init_memory
from tests.benchmarks import contenders
from tests.benchmarks.contest import Contest, Visit
from tests.benchmarks.load import BROWSER
from tests.benchmarks.tables import markdown

BATCH = 5


def measure(arena: Contest, *, turns: int) -> Iterator[str]:
    """Return a table of the layers, which take turns; each figure is the median of its `turns`."""
    person = arena.visits[0]
    app = create_app(arena.config, arena.database)
    with psycopg.connect(contenders.address(arena.config), row_factory=namedtuple_row) as connection:
        layers = {
            "hello world, in Flask without gunicorn": _request(contenders.hello(), "/", ""),
            "our hooks: `GET /healthz`, no session, no database": _request(app, "/healthz", ""),
            "and a session, a sign-in, one small query: `.../progress`": _request(
                app, f"/menu/{person.menu}/progress", person.cookie
            ),
            "a unit of work that does nothing": lambda: arena.database.run(lambda _session: None),
            "a unit of work with one query: who is signed in": _account(arena.database, person),
            "a unit of work with the week's two queries, and its values": _read_values(arena.database, person),
            "the same by hand, on a kept connection": _by_hand(connection, person),
            "the values and the template": _render(arena.database, app, person),
            "the whole page, drawn before": _request(app, f"/menu/{person.menu}", person.cookie),
        }
        medians = _in_turns(layers, turns)
    yield from markdown(("layer", "ms", "CPU ms"), [(name, *map(_ms, found)) for name, found in medians.items()])


def views(arena: Contest, *, turns: int) -> Iterator[str]:
    """Return a table of the views of a week's page, ours and by hand with a pool, without gunicorn."""
    person = arena.visits[0]
    path = f"/menu/{person.menu}"
    ours, forgetful = create_app(arena.config, arena.database), create_app(arena.config, arena.database)
    init_memory(forgetful, limit=0)
    with patch.dict(os.environ, arena.settings):
        by_hand = contenders.pooled()
    base = "by hand, psycopg_pool"
    calls = {
        base: _request(by_hand, path, person.cookie),
        "ours, first view": _request(forgetful, path, person.cookie),
        "ours": _request(ours, path, person.cookie),
        "ours, not modified": _request(ours, path, person.cookie, kept=True),
        "by hand, not modified": _request(by_hand, path, person.cookie, kept=True),
    }
    cpu = {name: found[1] for name, found in _in_turns(calls, turns).items()}
    rows = [(name, _ms(seconds), f"{seconds / cpu[base]:.2f}") for name, seconds in cpu.items()]
    yield from markdown(("view", "CPU ms", "to by hand"), rows)


def _in_turns(calls: Mapping[str, Callable[[], object]], turns: int) -> Mapping[str, Sequence[float]]:
    """Return the median seconds of each call by the clock and of CPU, each in its turn."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for turn in range(turns + 1):
        for name, call in calls.items():
            found = _timed(call)
            times[name] += [found] * (turn > 0)  # the first one warms up
    return {name: [median(column) for column in zip(*found, strict=True)] for name, found in times.items()}


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of one call, by the clock and of this process's CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(BATCH):
        call()
    return (time.perf_counter() - wall) / BATCH, (time.process_time() - cpu) / BATCH


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.2f}"


def _request(app: Flask, path: str, cookie: str, *, kept: bool = False) -> Callable[[], object]:
    """Return a call that asks for `path` as a browser does, or as one that has `kept` the page."""
    headers = {"User-Agent": BROWSER, "Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})

    def asking(expected: str) -> Callable[[], str]:
        environ = EnvironBuilder(path=path, headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()

        def call() -> str:
            _, status, sent = run_wsgi_app(app, dict(environ), buffered=True)
            assert status.startswith(expected), status
            return sent.get("ETag", "")

        return call

    if kept:
        headers["If-None-Match"] = asking("200")()
    return asking("304" if kept else "200")


def _account(database: Database, person: Visit) -> Callable[[], object]:
    return lambda: database.run(lambda session: row_by_secret(session, person.secret))


def _read(database: Database, person: Visit) -> Callable[[], MenuRows]:
    def rows(session: Session) -> MenuRows:
        row = row_by_secret(session, person.secret, queries.HEAD.by_secret, menu_id=person.menu)
        assert row is not None
        return queries.with_meals(session, head_of(row))

    return lambda: database.run(rows)


def _read_values(database: Database, person: Visit) -> Callable[[], MenuValue]:
    read = _read(database, person)
    return lambda: menu_value(read())


def _by_hand(connection: psycopg.Connection[Any], person: Visit) -> Callable[[], object]:
    def call() -> None:
        menu = connection.execute(contenders.MENU, [person.menu, person.user]).fetchone()
        contenders._week(menu, connection.execute(contenders.MEALS, [person.menu]).fetchall())
        connection.commit()

    return call


def _render(database: Database, app: Flask, person: Visit) -> Callable[[], object]:
    menu = _read(database, person)()

    def call() -> None:
        with app.test_request_context(f"/menu/{person.menu}", headers={"Cookie": person.cookie}):
            g._login_user = SignedIn(account_of(menu.row))
            render_template("menu/show.html", menu=menu_page(menu, today=utc_now().date()))

    return call

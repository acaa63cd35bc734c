"""Every statement finds its rows by an index: none reads all of a table that grows.

PostgreSQL is told to avoid reading whole tables, so what is left cannot be answered otherwise, however small the
database here is. `tests.benchmarks.plans` asks for the plans of a large one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from flask import url_for
from sqlalchemy import Connection, Engine, PrimaryKeyConstraint, Table, UniqueConstraint, create_engine, text

from mealplanner import create_app
from mealplanner.auth.operators.services import grant
from mealplanner.config import Config
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.lanes import LANES
from mealplanner.models import Base
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from mealplanner.tasks import TASKS
from tests.benchmarks.fill import fill
from tests.benchmarks.plans import BOUNDED, GROWING, findings
from tests.benchmarks.recorder import recorded
from tests.jobs.workers import QUICK, WorkerThread
from tests.visitor import PASSWORD, Visitor
from tests.waiting import eventually
from tests.web.every_address import BY_A_LINK, NO_PAGES, pages

BY_INDEX = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"


@pytest.fixture(scope="module")
def filled(server: EmbeddedPostgres, admin: Engine) -> Iterator[str]:
    """Return the address of a database with some hundred accounts."""
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE filled"))
    url = server.url().set(database="filled").render_as_string(hide_password=False)
    upgrade(url)
    fill(url, accounts=300, menus=600, meals=12_600, heavy=60)
    yield url
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE filled WITH (FORCE)"))


@pytest.fixture
def asking(filled: str) -> Iterator[Connection]:
    """Return a connection whose plans avoid reading whole tables; what it changes is rolled back."""
    engine = create_engine(filled)
    with engine.connect() as connection:
        connection.execute(text(f"SET plan_cache_mode = force_generic_plan; {BY_INDEX}"))
        connection.commit()
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def sent(filled: str, base_config: Config) -> list[str]:
    """Return what the application sends while a person opens and changes things, and a worker does all that is due."""
    config = replace(base_config, database_url=filled)
    statements: set[str] = set()
    database = Database(config)
    app = create_app(config, database)
    try:
        with recorded(statements.add):
            menu = _visit(Visitor(app, "person-1@example.org"), database)
            _work(config, database, menu)
            _leave(Visitor(app, "person-2@example.org"))
    finally:
        database.dispose()
    return sorted(statements)


def _visit(person: Visitor, database: Database) -> str:
    """Open every page as an operator, as a page and as JSON; change a few things; ask for a menu and return its id."""
    assert person.sign_in().status_code == 303
    database.run(partial(grant, email=person.email))
    newest = person.get("/menu/", json=True).get_json()["menus"][0]["id"]
    menu = person.get(f"/menu/{newest}", json=True).get_json()
    for address in (*pages(person, menu).values(), *_links(person)):
        for json in (False, True):
            assert person.get(address, json=json).status_code < 500, address
    meal, day = menu["days"][0]["meals"][0], menu["days"][0]["date"]
    days = {"from": day, "to": menu["days"][-1]["date"]}
    for path, form in {
        "/shopping/": {**days, "tick": "bought carrots 500"},
        "/shopping/items": {**days, "id": str(uuid.uuid4()), "text": "Kitchen roll"},
        "/larder/": {"food": "chickpeas-dry", "amount": "500 g"},
        f"/menu/{menu['id']}/meals/{meal['id']}/cooked": {"version": str(menu["version"]), "cooked": "true"},
        f"/recipes/{meal['recipe']['id']}/rate": {"value": "1"},
        "/auth/account/settings": {"time_zone": "Europe/Berlin", "units": "metric"},
        "/auth/account/tokens": {"name": f"Display {uuid.uuid4()}", "scopes": "menus:read", "days": "90"},
        "/calendar/": {},
    }.items():
        assert person.post(path, form).status_code < 400, path
    wish = {"start_date": "2030-01-07", "days": "2", "seed": "1", "source": "catalogue", "overlap": "after"}
    asked = person.post("/menu/", {**wish, "idempotency_key": str(uuid.uuid4())})
    return asked.location.rsplit("/", 1)[1]


def _links(person: Visitor) -> Iterator[str]:
    """Yield the addresses of links, all of which are unknown."""
    with person.app.test_request_context():
        for rule in person.app.url_map.iter_rules():
            if rule.endpoint in BY_A_LINK or rule.endpoint in NO_PAGES - {"static"}:
                yield url_for(rule.endpoint, **dict.fromkeys(rule.arguments, str(uuid.uuid4())))


def _work(config: Config, database: Database, menu: str) -> None:
    """Let a worker make the menu and do the housekeeping."""
    done = text(
        "SELECT (SELECT status FROM menus WHERE id = :menu), (SELECT count(*) FROM chores WHERE done_at IS NOT NULL)"
    )
    chores = sum(task.every is not None for task in TASKS)
    with WorkerThread(config, TASKS, QUICK, {lane.queue: 1 for lane in LANES.values()}):
        eventually(
            lambda: (
                database.run(lambda session: tuple(session.execute(done, {"menu": menu}).one())) == ("ready", chores)
            ),
            "the end of what was due",
        )


def _leave(person: Visitor) -> None:
    """Delete an account."""
    assert person.sign_in().status_code == 303
    answer = person.post("/auth/account/delete", {"sure": "true", "present_password": PASSWORD})
    assert answer.status_code == 303, answer.text


def test_the_database_is_filled(asking: Connection) -> None:
    """Or its plans say nothing. `fill` knows every table that grows."""
    empty = [name for name in sorted(GROWING) if not asking.scalar(text(f"SELECT EXISTS (SELECT FROM {name})"))]
    assert empty == []


def test_no_statement_reads_all_of_a_table_that_grows(asking: Connection, sent: list[str]) -> None:
    assert len(sent) > 150
    assert list(findings(asking, sent)) == []


@pytest.mark.parametrize(
    ("index", "table"),
    [
        ("ix_meals_recipe_id", "meals"),
        ("ix_mails_user_id_created_at", "mails"),
        ("ix_sign_ins_user_id_at", "sign_ins"),
    ],
)
def test_a_missing_index_is_found(asking: Connection, sent: list[str], index: str, table: str) -> None:
    asking.execute(text(f"DROP INDEX {index}"))
    found = {read for _, reads in findings(asking, sent) for read in reads}
    assert any(read.endswith(f" of {table}") for read in found), found


def test_the_rows_behind_a_foreign_key_are_found_by_an_index() -> None:
    """PostgreSQL looks for them when a row that they refer to is deleted, in statements that no plan shows."""
    missing = {
        f"{table.name} {columns}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if (columns := key.column_keys) and table.name not in BOUNDED
        if not any(set(indexed[: len(columns)]) == set(columns) for indexed in _indexed(table))
    }
    assert missing == set()


def _indexed(table: Table) -> Iterator[list[str]]:
    """Yield the columns of each index of the whole table."""
    for index in table.indexes:
        if index.dialect_options["postgresql"]["where"] is None:
            yield [getattr(expression, "name", "") for expression in index.expressions]
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield [column.name for column in constraint.columns]


def test_a_worker_finds_its_next_job_by_an_index(asking: Connection) -> None:
    """The queue's library asks in a function, so PostgreSQL counts what was read."""
    asking.execute(text(BY_INDEX))
    asking.execute(text("SELECT procrastinate_fetch_job_v2(ARRAY['menus', 'mail'], NULL)"))
    read = set(asking.scalars(text("SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0")))
    assert read & GROWING == set()

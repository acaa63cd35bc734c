"""The layer without the application around it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError

from mealplanner.db import Observer, PendingWrites, UnitOfWork
from mealplanner.db.testing import assert_nothing_checked_out, counted_statements, rolled_back_unit

PAGE = Path(__file__).resolve().parents[2] / "docs/unit-of-work.md"


@pytest.fixture
def empty(database_url: str, engine: Engine) -> Iterator[URL]:
    """An empty database."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS alone"))
        connection.execute(text("CREATE DATABASE alone"))
        yield make_url(database_url).set(database="alone")
        connection.execute(text("DROP DATABASE alone WITH (FORCE)"))


def test_the_application_on_the_page_runs_on_the_layer_alone(empty: URL) -> None:
    """As it stands, in a process that then knows no other module of ours."""
    found = re.search(r"<!--application-->\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    url = empty.render_as_string(hide_password=False)
    seen = "import sys; print(sorted(name for name in sys.modules if name.split('.')[0] == 'mealplanner'))"
    program = f"url = {url!r}\n{found[1]}\n{seen}\nunits.engine().dispose()\n"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    printed, modules = done.stdout.splitlines()
    assert printed == "['Ada'] ['Dear Ada']"
    assert all(name == "mealplanner" or name.startswith("mealplanner.db") for name in eval(modules))


def test_a_plain_engine_is_enough(empty: URL) -> None:
    """An observer is told what happens."""
    heard: list[str] = []

    class Ear(Observer):
        def began(self) -> None:
            heard.append("began")

        def committed(self) -> None:
            heard.append("committed")

        def doomed(self, reason: str) -> None:
            heard.append(reason)

        def held(self, seconds: float, idle: float) -> None:
            heard.append("held" if seconds >= idle >= 0 else "held for less than it was idle")

    engine = create_engine(empty)
    first = UnitOfWork(engine, observer=Ear())
    first.session.execute(text("CREATE TABLE things (name text PRIMARY KEY)"))
    first.commit()
    first.remove()
    second = UnitOfWork(engine, observer=Ear())
    second.session.execute(text("INSERT INTO things VALUES ('lost')"))
    second.doom("a rehearsal")
    second.conclude(keep=True)
    second.remove()
    assert heard == ["began", "held", "committed", "began", "held", "a rehearsal"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM things")).all() == []
    engine.dispose()


def test_helpers_for_tests(empty: URL) -> None:
    """A unit of work that leaves nothing, a check of the pool, a collector of statements."""
    engine = create_engine(empty)
    with counted_statements(engine) as sent, rolled_back_unit(engine) as unit:
        unit.session.execute(text("CREATE TABLE things (name text PRIMARY KEY)"))
        unit.session.execute(text("INSERT INTO things VALUES ('one')"))
        unit.always(lambda connection: connection.execute(text("INSERT INTO things VALUES ('counted')")))
        with pytest.raises(PendingWrites):
            unit.release()
        with pytest.raises(AssertionError, match="1 connections"):
            assert_nothing_checked_out(engine)
        unit.commit()
    assert "INSERT INTO things VALUES ('one')" in sent
    assert_nothing_checked_out(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('things')")) is None
    engine.dispose()


def test_an_error_stays_the_driver_s_where_nothing_translates_it(empty: URL) -> None:
    """The layer has no errors of an application."""
    engine = create_engine(empty)
    with rolled_back_unit(engine) as unit:
        unit.session.execute(text("CREATE TABLE things (name text PRIMARY KEY)"))
        with pytest.raises(IntegrityError):
            unit.session.execute(text("INSERT INTO things VALUES (NULL)"))
    engine.dispose()

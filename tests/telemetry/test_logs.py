"""The log, as text or as JSON, with the request and the scope of each line."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.telemetry.logs import configure_logging
from mealplanner.telemetry.scope import Scope, scoped
from tests.faults.programs import Program, Web
from tests.waiting import eventually

log = logging.getLogger("mealplanner.kitchen")
Logged = Callable[..., list[str]]


@pytest.fixture
def logged(base_config: Config) -> Iterator[Logged]:
    """Return `logged(act, log_format=...)`, which returns the lines that `act` writes under such a configuration."""

    def lines(act: Callable[[], object], **settings: Any) -> list[str]:
        configure_logging(replace(base_config, **settings))
        (handler,) = [found for found in logging.getLogger().handlers if type(found) is logging.StreamHandler]
        handler.setStream(io.StringIO())
        try:
            act()
            return str(handler.stream.getvalue()).splitlines()
        finally:
            handler.setStream(sys.stderr)

    yield lines
    configure_logging(base_config)


def boil(text: str = "the eggs are %d", *values: object) -> None:
    """Log something in a scope."""
    with scoped(Scope("kitchen.boil", "request-42")):
        log.warning(text, *values)


def fail() -> None:
    """Log something with a traceback."""
    try:
        raise ZeroDivisionError("no eggs")
    except ZeroDivisionError:
        log.exception("boiling failed")


def test_a_line_of_text_names_its_request_and_its_scope(logged: Logged) -> None:
    (line,) = logged(lambda: boil("the eggs are %d", 3), log_format="text")
    assert line.endswith(" WARNING [request-42 kitchen.boil - -] mealplanner.kitchen: the eggs are 3")


def test_an_object_has_the_same(logged: Logged) -> None:
    (line,) = logged(lambda: boil("the eggs are %d", 3), log_format="json")
    told = json.loads(line)
    assert told.pop("asctime")
    assert told == {
        "levelname": "WARNING",
        "name": "mealplanner.kitchen",
        "request_id": "request-42",
        "scope": "kitchen.boil",
        "link": "-",
        "token": "-",
        "message": "the eggs are 3",
    }


def test_outside_of_any_scope_there_are_dashes(logged: Logged) -> None:
    """Logging works there too."""
    (line,) = logged(lambda: log.warning("no request"), log_format="text")
    assert line.endswith("[- - - -] mealplanner.kitchen: no request")


def test_a_traceback_stays_in_its_object(logged: Logged) -> None:
    (line,) = logged(fail, log_format="json")
    assert "ZeroDivisionError: no eggs" in json.loads(line)["exc_info"]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_text_from_a_client_cannot_forge_a_line(logged: Logged, log_format: str) -> None:
    """A line break in it is escaped."""
    (line,) = logged(lambda: boil("%s", "GET /eggs\r\n2026-11-23 forged"), log_format=log_format)
    assert r"GET /eggs\r\n2026-11-23 forged" in line


@pytest.mark.parametrize(("level", "told"), [("DEBUG", 3), ("INFO", 2), ("WARNING", 1), ("ERROR", 0)])
def test_the_level_is_that_of_the_configuration(logged: Logged, level: str, told: int) -> None:
    def speak() -> None:
        log.debug("low")
        log.info("middle")
        log.warning("high")

    assert len(logged(speak, log_level=level)) == told


def test_libraries_are_heard_when_something_is_wrong(logged: Logged) -> None:
    """Their warnings and errors are logged, and nothing below that, at any level."""

    def speak() -> None:
        logging.getLogger("sqlalchemy.pool").info("news")
        logging.getLogger("sqlalchemy.pool").warning("trouble")

    (line,) = logged(speak, log_level="DEBUG")
    assert line.endswith("sqlalchemy.pool: trouble")


@pytest.mark.process
def test_the_id_of_a_request_is_in_every_line_of_the_job_it_asked_for(
    config: Config, database: Database, tmp_path: Path
) -> None:
    """It goes from a proxy through gunicorn and the queue to a worker, and every line of both programs is an object."""
    assert database  # the fixture deletes its rows at the end
    settings = {
        "DATABASE_URL": config.database_url or "",
        "SECRET_KEY": "only for tests, and long enough",
        "MEALPLANNER_DATA_DIR": str(config.data_dir),
        "MEALPLANNER_LOG_LEVEL": "DEBUG",
        "MEALPLANNER_LOG_FORMAT": "json",
    }

    def lines(program: Program, **wanted: str) -> list[dict[str, Any]]:
        told = [json.loads(line) for line in program.said().splitlines()]
        return [line for line in told if wanted.items() <= line.items()]

    with (
        Web(settings, tmp_path / "web.log") as web,
        Program(["-m", "mealplanner", "worker"], settings, tmp_path / "worker.log") as worker,
    ):
        person = web.visitor()
        person.register()
        wish = {"start_date": "2026-11-23", "days": "1", "seed": "1"}
        answer = person.post("/menu/", wish, **{"X-Request-ID": "proxy-1234"})
        assert answer.headers["X-Request-ID"] == "proxy-1234"
        eventually(lambda: person.menu_status(answer.headers["Location"]) == "ready")
        os.kill(min(web.workers()), signal.SIGKILL)
        eventually(lambda: lines(web, name="gunicorn.error"))
        asked = lines(web, request_id="proxy-1234")
        assert {line["scope"] for line in asked} == {"menu.create"}
        assert "transaction committed" in {line["message"] for line in asked}
        eventually(lambda: lines(worker, request_id="proxy-1234", message="transaction committed"))
        assert {line["scope"] for line in lines(worker, request_id="proxy-1234")} == {"menu.generate"}

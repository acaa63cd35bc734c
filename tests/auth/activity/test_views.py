"""What people read of their account, and what the log says of strangers."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.telemetry.logs import OneLine, ScopeFilter
from tests.visitor import PASSWORD, Visitor

DOCS = Path(__file__).resolve().parents[3] / "docs"
PATH = "/auth/account/activity"


def events(person: Visitor) -> list[str]:
    """Return the names of the events, the newest first."""
    return [entry["event"] for entry in person.get(PATH, json=True).get_json()["entries"]]


def test_a_life_of_an_account_is_told(person: Visitor) -> None:
    person.post("/calendar/")
    person.post("/calendar/end")
    person.post("/calendar/end")
    days = {"from": "2026-11-23", "to": "2026-11-24"}
    person.post("/shopping/shares/", {**days, "days": "7"})
    link = person.get("/shopping/shares/?from=2026-11-23&to=2026-11-24", json=True).get_json()["links"][0]["id"]
    for _ in range(2):
        person.post(f"/shopping/shares/{link}/end", days)
    person.post("/auth/sign-out-everywhere")
    person.post("/auth/logout")
    person.sign_in()
    change = {"present_password": PASSWORD, "password": "another horse battery"}
    person.post("/auth/account/password", change)
    assert events(person) == [
        *("password-changed", "signed-in", "signed-out", "signed-out-everywhere", "list-link-ended"),
        *("list-link-made", "calendar-ended", "calendar-made", "signed-in", "account-made"),
    ]
    text = person.get(PATH).text
    assert "Address of your calendar ended" in text
    assert "by you" in text


def test_wrong_passwords_are_counted_and_not_listed_one_by_one(person: Visitor) -> None:
    for _ in range(11):
        assert Visitor(person.app, person.email).sign_in("a guess").status_code == 401
    assert events(person)[:3] == ["wrong-password"] * 3
    assert "Wrong password, 10 in a row" in person.get(PATH).text
    assert "by a visitor" in person.get(PATH).text


def test_what_failed_leaves_no_entry(person: Visitor) -> None:
    before = events(person)
    change = {"present_password": "not what it was", "password": "another horse battery"}
    assert person.post("/auth/account/password", change).status_code == 422
    assert [event for event in events(person) if event != "wrong-password"] == before


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, ""])
def test_any_number_in_the_address_is_answered(person: Visitor, before: str) -> None:
    assert person.get(f"{PATH}?before={before}").status_code in (200, 400)


@pytest.fixture
def strict(config: Config, database: Database) -> Flask:
    """An application with the default limits."""
    return create_app(replace(config, leniency=1), database)


@pytest.fixture
def lines() -> Any:
    """Collect the lines that the security log writes, in the format of the text log."""
    written: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Collect()
    handler.addFilter(ScopeFilter())
    names = "%(levelname)-7s [%(request_id)s %(scope)s %(link)s] %(name)s: %(message)s"
    handler.setFormatter(OneLine(f"%(asctime)s {names}"))
    logger = logging.getLogger("mealplanner")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def failregexes() -> list[re.Pattern[str]]:
    """Return the expressions of the filter in the documentation, with its tag for an address written out."""
    found = re.search(r"^ *failregex = (.+(?:\n {10,}\S.+)*)$", (DOCS / "operations.md").read_text(), re.MULTILINE)
    assert found is not None
    address = r"(?P<address>[0-9a-f.:]+(?:/\d+)?)"
    return [re.compile(line.strip().replace("<SUBNET>", address)) for line in found[1].splitlines()]


def banned(line: str) -> str | None:
    """Return the address that fail2ban finds in a line, after taking the time from its beginning."""
    rest = re.sub(r"^[\d-]+ [\d:,]+", "", line)
    return next((found["address"] for regex in failregexes() if (found := regex.search(rest))), None)


@pytest.mark.parametrize(("address", "named"), [("203.0.113.7", "203.0.113.7"), ("2001:db8::7", "2001:db8::/64")])
def test_the_filter_of_the_documentation_finds_who_guesses(
    strict: Flask, lines: list[str], address: str, named: str
) -> None:
    """Both who guesses and who is refused for guessing too often."""
    stranger = Visitor(strict, "nobody@example.org")
    stranger.client.environ_base["REMOTE_ADDR"] = address
    answers = [stranger.sign_in("a guess").status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2
    assert [banned(line) for line in lines if "mealplanner.security" in line] == [named] * 7


def test_the_filter_finds_nothing_in_other_lines(person: Visitor, lines: list[str]) -> None:
    forged = "WARNING [- - -] mealplanner.security: wrong password from 198.51.100.9"
    person.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    person.sign_in()
    person.get(f"/{forged}")
    logging.getLogger("mealplanner").warning("not found: /%s", forged)
    assert lines
    assert [banned(line) for line in lines] == [None] * len(lines)

"""What the log says of strangers who guess, and how fail2ban reads it."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.storage.database import Database
from mealplanner.telemetry.logs import OneLine, ScopeFilter
from mealplanner.throttle.guesses import Secret
from tests.auth.factors.device import Device, show
from tests.auth.factors.people import asked, enter, with_app
from tests.clock import Clock
from tests.visitor import Visitor

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOTHING = "x" * 43
"""The end of an address that never was."""


@pytest.fixture
def strict(config: Config, database: Database) -> Flask:
    """An application with the default limits."""
    return create_app(replace(config, leniency=1), database)


@pytest.fixture
def with_provider(config: Config, database: Database, clock: Clock) -> Flask:
    """An application with a provider to sign in with."""
    provider = SignInProvider(issuer="https://id.example", client_id="x", client_secret="y", name="Our house")
    return create_app(replace(config, provider=provider), database, clock=clock)


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


def test_the_filter_finds_every_kind_of_guess(
    with_provider: Flask, clock: Clock, member: Visitor, lines: list[str]
) -> None:
    with_app(member, clock)
    stranger = Visitor(with_provider, member.email)
    half_way = asked(stranger)
    for visitor in (stranger, half_way):
        visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    stranger.sign_in("a guess")
    enter(half_way, "000000")
    enter(half_way, "AAAA-BBBB-CCCC-DDDD")
    show(stranger, Device())
    stranger.get("/auth/provider/back?state=another")
    stranger.client.get("/menu/", headers={"Authorization": f"Bearer mp_{NOTHING}"})
    for path in ("/auth/register/{}", "/shopping/shared/{}", "/calendar/{}.ics"):
        assert stranger.get(path.format(NOTHING)).status_code == 404
    told = [line for line in lines if "mealplanner.security" in line]
    assert [banned(line) for line in told] == ["203.0.113.7"] * 9
    assert {line.rpartition(": wrong ")[2].partition(" from ")[0] for line in told} == set(get_args(Secret))


def test_the_filter_finds_nothing_in_other_lines(person: Visitor, lines: list[str]) -> None:
    forged = "WARNING [- - -] mealplanner.security: wrong password from 198.51.100.9"
    person.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    person.sign_in()
    person.get(f"/{forged}")
    logging.getLogger("mealplanner").warning("not found: /%s", forged)
    assert lines
    assert [banned(line) for line in lines] == [None] * len(lines)

"""Trying too often, as people and programs see it: how long to wait, and whom that holds up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
Count = Callable[[], int]


@pytest.fixture
def clock() -> Clock:
    """The clock of `strict`."""
    return Clock()


@pytest.fixture
def strict(config: Config, database: Database, clock: Clock) -> Flask:
    """The application with the limits as they are by default."""
    return create_app(replace(config, leniency=1), database, clock=clock)


def at(app: Flask, address: str, email: str = "person@example.org") -> Visitor:
    """Somebody who comes from `address`."""
    visitor = Visitor(app, email)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def fail(visitor: Visitor, times: int) -> list[int]:
    """What is answered to so many wrong passwords."""
    return [visitor.sign_in("not what it was").status_code for _ in range(times)]


def test_after_five_wrong_passwords_there_is_a_wait(strict: Flask, clock: Clock) -> None:
    """The page says how long, in words and for programs, and keeps the address that was typed."""
    at(strict, HOME).register()
    stranger = at(strict, ELSEWHERE)
    assert fail(stranger, 6) == [401] * 5 + [429]
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert "Too many attempts. Try again in 15 seconds." in answer.text
    assert 'value="person@example.org"' in answer.text
    assert PASSWORD not in answer.text
    clock.wait(seconds=15)
    assert stranger.sign_in().status_code == 303


def test_programs_are_told_too(strict: Flask) -> None:
    """As problem details with `Retry-After`."""
    stranger = at(strict, ELSEWHERE)
    fail(stranger, 5)
    answer = stranger.post("/auth/login", json={"email": stranger.email, "password": PASSWORD})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.headers["Retry-After"] == "15"
    assert answer.get_json()["detail"] == "Too many attempts. Try again in 15 seconds."


def test_the_wait_grows_and_ends(strict: Flask, clock: Clock) -> None:
    """Twice as long each time, but for what is forgotten meanwhile; a quarter of an hour at most."""
    stranger = at(strict, ELSEWHERE)
    fail(stranger, 5)
    waits = []
    for _ in range(9):
        waits.append(int(stranger.sign_in().headers["Retry-After"]))
        clock.wait(seconds=waits[-1])
        assert fail(stranger, 1) == [401]
    assert waits == [15, 30, 60, 120, 240, 480, 480, 900, 900]


def test_accounts_that_are_not_there_lock_alike(strict: Flask) -> None:
    """So that a wait tells nothing about who has an account."""
    at(strict, HOME).register()
    known = fail(at(strict, ELSEWHERE), 6)
    unknown = fail(at(strict, "198.51.100.10", "nobody@example.org"), 6)
    assert known == unknown == [401] * 5 + [429]


def test_strangers_cannot_keep_somebody_out(strict: Flask) -> None:
    """An address that the account signed in from before has a counter of its own with it."""
    owner = at(strict, HOME)
    owner.register()
    for number in range(3):
        fail(at(strict, f"198.51.100.{number}"), 6)
    assert at(strict, "198.51.100.77").sign_in().status_code == 429
    assert at(strict, HOME).sign_in().status_code == 303


def test_an_address_is_familiar_to_those_only_who_signed_in_there(strict: Flask, engine: Engine) -> None:
    """An account of one's own makes no other account's guesses apart: they count for that account and the address."""
    at(strict, HOME).register()
    own = at(strict, ELSEWHERE, "guesser@example.org")
    own.register()
    assert fail(at(strict, ELSEWHERE), 6) == [401] * 5 + [429]
    with engine.connect() as connection:
        counted = (
            connection.execute(text("SELECT key FROM throttles WHERE action = 'login' ORDER BY 1")).scalars().all()
        )
    assert counted == ["account:person@example.org", f"address:{ELSEWHERE}"]


def test_a_familiar_address_has_a_limit_of_its_own(strict: Flask, clock: Clock) -> None:
    """Whoever sits at it can guess no more often than others, and holds up nobody elsewhere."""
    at(strict, HOME).register()
    assert fail(at(strict, HOME), 6) == [401] * 5 + [429]
    assert fail(at(strict, ELSEWHERE), 1) == [401]
    clock.wait(seconds=15)
    assert at(strict, HOME).sign_in().status_code == 303


def test_one_address_cannot_try_many_accounts(strict: Flask, clock: Clock) -> None:
    """Twenty, and then ever fewer; other addresses go on."""
    answers = [fail(at(strict, ELSEWHERE, f"person{number}@example.org"), 1)[0] for number in range(21)]
    assert answers == [401] * 20 + [429]
    assert fail(at(strict, HOME, "person21@example.org"), 1) == [401]
    clock.wait(seconds=15)
    assert fail(at(strict, ELSEWHERE, "person21@example.org"), 1) == [401]


def test_an_account_of_ones_own_does_not_clear_the_address(strict: Flask) -> None:
    """Signing in between guesses buys no more of them."""
    own = at(strict, ELSEWHERE, "guesser@example.org")
    own.register()
    answers = []
    for number in range(25):
        answers += fail(at(strict, ELSEWHERE, f"person{number}@example.org"), 1)
        assert own.sign_in().status_code == 303
    assert answers.count(401) == 20


def test_a_success_clears_the_account(strict: Flask) -> None:
    """Failures are counted since the last success."""
    owner = at(strict, HOME)
    owner.register()
    for _ in range(3):
        assert fail(owner, 4) == [401] * 4
        assert owner.sign_in().status_code == 303


def test_addresses_of_one_household_are_one(strict: Flask) -> None:
    """An IPv6 network has more addresses than there are guesses."""
    answers = [fail(at(strict, f"2001:db8::{number:x}", f"p{number}@example.org"), 1)[0] for number in range(1, 22)]
    assert answers == [401] * 20 + [429]


def test_registering_is_limited_by_address(strict: Flask, stored: Count) -> None:
    """Also when the address is taken, since the answer says so; what was typed stays in the form."""
    at(strict, HOME).register()
    form = {"email": "person@example.org", "password": PASSWORD}
    stranger = at(strict, ELSEWHERE)
    answers = [stranger.post("/auth/register", form) for _ in range(51)]
    assert [answer.status_code for answer in answers] == [422] * 50 + [429]
    assert 'value="person@example.org"' in answers[-1].text
    assert "Try again in 60 seconds." in answers[-1].text
    assert stored() == 1


def test_asking_for_menus_is_limited_by_person(strict: Flask, engine: Engine) -> None:
    """The form comes back as it was typed; others go on."""
    owner, other = at(strict, HOME), at(strict, HOME, "other@example.org")
    owner.register()
    other.register()
    with engine.begin() as connection:
        statement = text(
            "INSERT INTO throttles SELECT 'generate', 'person:' || id, 60, :now FROM users WHERE email = :email"
        )
        connection.execute(statement, {"email": owner.email, "now": strict.extensions["mealplanner.clients"].clock()})
    wish = {"start_date": "2026-11-23", "days": "3", "source": "catalogue", "seed": "7"}
    refused = owner.post("/menu/", wish)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert "Too many attempts. Try again in 30 seconds." in refused.text
    assert 'value="7"' in refused.text
    assert owner.post("/menu/", json={**wish, "days": 3}).mimetype == "application/problem+json"
    assert other.post("/menu/", wish).status_code == 303


def test_eight_threads_that_guess_are_stopped(strict: Flask, engine: Engine) -> None:
    """As many as there are threads may slip through together; each of them is counted, and all others wait."""
    at(strict, HOME).register()
    start = Barrier(8, timeout=PATIENCE)

    def guess(number: int) -> list[int]:
        stranger = at(strict, f"198.51.100.{number}")
        token = {"X-CSRFToken": stranger.token()}
        form: dict[str, Any] = {"email": stranger.email, "password": "not what it was"}
        start.wait()
        return [stranger.client.post("/auth/login", data=form, headers=token).status_code for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        answers = [status for found in pool.map(guess, range(8)) for status in found]
    assert set(answers) == {401, 429}
    assert 5 <= answers.count(401) < 5 + 8
    with engine.connect() as connection:
        counted = connection.scalar(text("SELECT failed_logins FROM users"))
    assert counted == answers.count(401)

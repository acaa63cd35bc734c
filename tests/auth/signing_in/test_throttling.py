"""Too many attempts, as people and programs see it."""

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
from mealplanner.auth.signing_in import views
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NEW = "quite another secret"
PASSWORD_ASKED = ("/auth/confirm", "/auth/account/password", "/auth/account/email", "/auth/account/delete")
Rows = Callable[..., list[tuple[Any, ...]]]
Count = Callable[[], int]


@pytest.fixture
def clock() -> Clock:
    """Return the clock of `strict`."""
    return Clock()


@pytest.fixture
def strict(config: Config, database: Database, clock: Clock) -> Flask:
    """An application with the default limits."""
    return create_app(replace(config, leniency=1), database, clock=clock)


def at(app: Flask, address: str, email: str = "person@example.org") -> Visitor:
    """Return a visitor who comes from `address`."""
    visitor = Visitor(app, email)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def fail(visitor: Visitor, times: int) -> list[int]:
    """Return the statuses of so many wrong passwords."""
    return [visitor.sign_in("not what it was").status_code for _ in range(times)]


def test_after_five_wrong_passwords_there_is_a_wait(strict: Flask, clock: Clock) -> None:
    """The page says how long, in words and in a header, and keeps the address that was typed."""
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
    """By problem details with `Retry-After`."""
    stranger = at(strict, ELSEWHERE)
    fail(stranger, 5)
    answer = stranger.post("/auth/login", json={"email": stranger.email, "password": PASSWORD})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.headers["Retry-After"] == "15"
    assert answer.get_json()["detail"] == "Too many attempts. Try again in 15 seconds."


def test_the_wait_grows_and_ends(strict: Flask, clock: Clock) -> None:
    """It doubles each time, less what has been forgotten; a quarter of an hour at most."""
    stranger = at(strict, ELSEWHERE)
    fail(stranger, 5)
    waits = []
    for _ in range(9):
        waits.append(int(stranger.sign_in().headers["Retry-After"]))
        clock.wait(seconds=waits[-1])
        assert fail(stranger, 1) == [401]
    assert waits == [15, 30, 60, 120, 240, 480, 480, 900, 900]


def test_accounts_that_are_not_there_lock_alike(strict: Flask) -> None:
    """So that a wait does not tell who has an account."""
    at(strict, HOME).register()
    known = fail(at(strict, ELSEWHERE), 6)
    unknown = fail(at(strict, "198.51.100.10", "nobody@example.org"), 6)
    assert known == unknown == [401] * 5 + [429]


def test_strangers_cannot_keep_the_owner_out(strict: Flask) -> None:
    """An account and an address that it signed in from before have a counter of their own."""
    owner = at(strict, HOME)
    owner.register()
    for number in range(3):
        fail(at(strict, f"198.51.100.{number}"), 6)
    assert at(strict, "198.51.100.77").sign_in().status_code == 429
    assert at(strict, HOME).sign_in().status_code == 303


def test_an_address_is_familiar_only_to_those_who_signed_in_there(strict: Flask, rows: Rows) -> None:
    """An account of one's own at an address does not set guesses at others apart: they count for both."""
    at(strict, HOME).register()
    own = at(strict, ELSEWHERE, "guesser@example.org")
    own.register()
    assert fail(at(strict, ELSEWHERE), 6) == [401] * 5 + [429]
    ((owner_id,),) = rows("SELECT id::text FROM users WHERE email = 'person@example.org'")
    counted = rows("SELECT key FROM throttles WHERE action = 'login' ORDER BY 1")
    assert counted == [(f"account:{owner_id}",), (f"address:{ELSEWHERE}",)]


def test_a_familiar_address_has_a_limit_of_its_own(strict: Flask, clock: Clock) -> None:
    """Guesses there are limited like others, and do not hold up the account elsewhere."""
    at(strict, HOME).register()
    assert fail(at(strict, HOME), 6) == [401] * 5 + [429]
    assert fail(at(strict, ELSEWHERE), 1) == [401]
    clock.wait(seconds=15)
    assert at(strict, HOME).sign_in().status_code == 303


def test_one_address_cannot_try_many_accounts(strict: Flask, clock: Clock) -> None:
    """Twenty, then fewer and fewer; other addresses go on."""
    answers = [fail(at(strict, ELSEWHERE, f"person{number}@example.org"), 1)[0] for number in range(21)]
    assert answers == [401] * 20 + [429]
    assert fail(at(strict, HOME, "person21@example.org"), 1) == [401]
    clock.wait(seconds=15)
    assert fail(at(strict, ELSEWHERE, "person21@example.org"), 1) == [401]


def test_an_own_account_does_not_clear_the_address(strict: Flask) -> None:
    """Signing in to it between guesses allows no more of them."""
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


def test_other_spellings_of_an_address_buy_no_guesses(strict: Flask) -> None:
    """Python writes a capital I with a dot as two small letters, other programs as one; both find one account."""
    at(strict, HOME, "i\u0307stanbul@example.org").register()
    spellings = ["i\u0307stanbul", "\u0130stanbul", "I\u0307STANBUL", "\u0130STANBUL"]
    found = [at(strict, HOME, f"{spelling}@example.org").sign_in().status_code for spelling in spellings]
    assert found == [303] * 4
    guessed = [fail(at(strict, ELSEWHERE, f"{spelling}@example.org"), 1)[0] for spelling in spellings * 2]
    assert guessed == [401] * 5 + [429] * 3


def test_networks_of_one_customer_are_one(strict: Flask) -> None:
    """Many providers give a customer a whole /48: another /64 of it is no fresh address."""
    answers = [
        fail(at(strict, f"2001:db8:0:{number:x}::1", f"p{number}@example.org"), 1)[0] for number in range(1, 102)
    ]
    assert answers == [401] * 100 + [429]
    assert fail(at(strict, "2001:db8:1:1::1", "p1@example.org"), 1) == [401]


@pytest.mark.parametrize("known", [True, False], ids=["an account", "no account"])
def test_of_sixteen_guesses_at_once_five_are_answered(strict: Flask, rows: Rows, known: bool) -> None:
    """Each is counted before the password is looked at."""
    at(strict, HOME).register()
    email = "person@example.org" if known else "other@example.org"
    start = Barrier(16, timeout=PATIENCE)

    def guess(number: int) -> int:
        stranger = at(strict, f"198.51.100.{number}", email)
        token = {"X-CSRFToken": stranger.token()}
        form = {"email": email, "password": "not what it was"}
        start.wait()
        return stranger.client.post("/auth/login", data=form, headers=token).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = sorted(pool.map(guess, range(16)))
    assert answers == [401] * 5 + [429] * 11
    assert rows("SELECT failed_logins FROM users") == [(5 if known else 0,)]


def test_sign_ins_that_succeed_leave_the_counters_as_they_were(strict: Flask, rows: Rows) -> None:
    """At a new address too; a wait of the address neither ends nor begins again."""
    at(strict, HOME).register()
    fail(at(strict, ELSEWHERE, "other@example.org"), 2)
    before = rows("SELECT key, level, at FROM throttles WHERE action = 'login' ORDER BY key")
    strict.extensions["mealplanner.clients"].clock.wait(minutes=1)
    for _ in range(3):
        assert at(strict, ELSEWHERE).sign_in().status_code == 303
    assert rows("SELECT key, level, at FROM throttles WHERE action = 'login' AND level > 0 ORDER BY key") == before


def test_a_counter_that_cannot_be_raised_lets_no_guess_through(
    config: Config, impatient_database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another transaction holds its row for too long, so the password is not looked at."""
    strict = create_app(replace(config, leniency=1), impatient_database)
    at(strict, HOME).register()
    stranger = at(strict, ELSEWHERE)
    fail(stranger, 1)
    looked_at: list[object] = []
    monkeypatch.setattr(views, "verified", lambda *arguments: looked_at.append(arguments))
    token = {"X-CSRFToken": stranger.token()}
    with engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM throttles FOR UPDATE"))
        form = {"email": stranger.email, "password": PASSWORD}
        answer = stranger.client.post("/auth/login", data=form, headers=token)
    assert (answer.status_code, looked_at) == (503, [])


@pytest.mark.parametrize("path", PASSWORD_ASKED)
def test_a_stolen_cookie_guesses_no_faster_from_many_addresses(strict: Flask, rows: Rows, path: str) -> None:
    """Ten guesses from sixty addresses; the owner signs in all the while, at home and at a new address."""
    owner = at(strict, HOME)
    owner.register()
    answers = []
    for number in range(60):
        owner.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        form = {"present_password": f"guess {number}", "password": NEW, "email": "new@example.org", "sure": "true"}
        answers.append(owner.post(path, form).status_code)
    assert answers == [422] * 10 + [429] * 50
    owner.client.environ_base["REMOTE_ADDR"] = "203.0.113.99"
    refused = owner.post(path, {**form, "present_password": PASSWORD})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "15")
    assert rows("SELECT failed_logins FROM users") == [(10,)]
    assert at(strict, HOME).sign_in().status_code == 303
    assert at(strict, "203.0.113.55").sign_in().status_code == 303


def test_every_place_that_asks_for_the_password_counts_the_guesses(strict: Flask, rows: Rows) -> None:
    owner = at(strict, HOME)
    owner.register()
    for path in PASSWORD_ASKED:
        form = {"present_password": "a guess", "password": NEW, "email": "new@example.org", "sure": "true"}
        assert owner.post(path, form).status_code == 422
    levels = rows("SELECT action, split_part(key, ':', 1), level FROM throttles WHERE action <> 'register' ORDER BY 1")
    assert levels == [("login", "pair", 4), ("password", "person", 4)]


def test_typing_the_password_right_costs_no_guesses(strict: Flask) -> None:
    owner = at(strict, HOME)
    owner.register()
    assert [owner.post("/auth/confirm", {"present_password": PASSWORD}).status_code for _ in range(12)] == [303] * 12


def test_a_clock_that_was_ahead_locks_no_account_for_as_long(strict: Flask, clock: Clock) -> None:
    """A time in the future counts as now: the wait is the usual one, counted from the next attempt."""
    at(strict, HOME).register()
    stranger = at(strict, ELSEWHERE)
    clock.wait(days=30)
    assert fail(stranger, 6) == [401] * 5 + [429]
    clock.wait(days=-30)
    refused = stranger.sign_in()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "15")
    clock.wait(seconds=15)
    assert stranger.sign_in().status_code == 303

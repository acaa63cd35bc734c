"""Hashes of passwords."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher

from mealplanner.auth.errors import WrongCredentials
from mealplanner.auth.passwords import hashing
from mealplanner.auth.passwords.hashing import hashed, matches, verified
from mealplanner.auth.passwords.services import set_password
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import services
from mealplanner.client import Client, utc_now
from mealplanner.storage.database import Database
from tests.visitor import PASSWORD, Visitor

EMAIL = "anna.becker@example.org"
NEW = "another secret word"
CLIENT = Client(now=utc_now())
WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
Count = Callable[[], int]
Rows = Callable[..., list[tuple[Any, ...]]]


class CountingHasher:
    """Argon2 that records its calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.inner = PasswordHasher()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name not in ("hash", "verify"):
            return found

        def counted(*arguments: Any) -> Any:
            self.calls.append(name)
            return found(*arguments)

        return counted


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """Count the calls from here on."""
    counting = CountingHasher()
    monkeypatch.setattr(hashing, "hasher", counting)
    return counting


@pytest.mark.parametrize("other", ["a" * 71 + "bb", "a" * 72 + "c", "a" * 72, "a" * 72 + "b" * 2])
def test_passwords_that_differ_late_differ(other: str) -> None:
    """No byte is ignored, however late."""
    assert not matches(other, hashed("a" * 72 + "b"))


def test_every_byte_of_a_long_password_counts() -> None:
    """Also in letters of several bytes, and after a NUL."""
    assert not matches("é" * 36 + "b", hashed("é" * 36 + "a"))
    assert not matches("😀" * 200 + "b", hashed("😀" * 200 + "a"))
    assert not matches("correct\x00horse", hashed("correct\x00battery"))
    assert matches("😀" * 1000, hashed("😀" * 1000))


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("Z\u00fcrich im Regen", "Zu\u0308rich im Regen"),
        ("ﬁne words only", "fine words only"),
        ("\u212bngstrom units", "\u00c5ngstrom units"),
        ("full　width space", "full width space"),
    ],
)
def test_the_same_text_is_the_same_password(chosen: str, typed: str) -> None:
    """However the keyboard composes its letters."""
    assert matches(typed, hashed(chosen))


def test_capitals_and_spaces_are_not_the_same() -> None:
    stored = hashed("correct horse")
    assert not any(
        matches(other, stored) for other in ("Correct horse", "correct horse ", "correcthorse", "correct  horse")
    )


def test_an_unknown_account_costs_as_much_as_a_wrong_password(visitor: Visitor, hasher: CountingHasher) -> None:
    """One verification each, from the first request on, so that the time tells nothing."""
    visitor.register()
    del hasher.calls[:]
    assert Visitor(visitor.app, "nobody@example.org").sign_in().status_code == 401
    assert hasher.calls == ["verify"]
    assert visitor.sign_in("not what it was").status_code == 401
    assert hasher.calls == ["verify", "verify"]
    assert visitor.sign_in().status_code == 303
    assert hasher.calls == ["verify"] * 3


def test_the_hash_that_stands_for_no_account_has_the_parameters_of_today(hasher: CountingHasher) -> None:
    """Otherwise verifying it would take a different time."""
    hashing._hash_of_nothing.cache_clear()
    assert not hasher.check_needs_rehash(hashing._hash_of_nothing())
    assert not matches("", None)
    assert hasher.calls == ["verify"]


@pytest.mark.usefixtures("hasher")
def test_an_old_hash_is_made_again_at_the_next_sign_in(person: Visitor, rows: Rows) -> None:
    """With today's parameters, and only after the right password."""
    rows("UPDATE users SET password_hash = :weak", weak=WEAK)

    def stored() -> str:
        return str(rows("SELECT password_hash FROM users")[0][0])

    assert person.sign_in("not what it was").status_code == 401
    assert stored() == WEAK
    assert person.sign_in().status_code == 303
    assert not hashing.hasher.check_needs_rehash(renewed := stored())
    assert person.sign_in().status_code == 303
    assert stored() == renewed


@pytest.mark.usefixtures("hasher")
def test_an_old_hash_does_not_replace_a_password_that_was_just_changed(database: Database, rows: Rows) -> None:
    database.run(partial(services.register, email=EMAIL, password_hash=WEAK))
    attempt = database.run(partial(services.begin, email=EMAIL, client=CLIENT))
    database.run(partial(set_password, email=EMAIL, password_hash=hashed(NEW), now=CLIENT.now))
    renewed = verified(PASSWORD, attempt.password_hash)
    assert renewed != WEAK
    new = Named(id=uuid.uuid4(), secret="secret")
    finish = partial(services.finish, attempt=attempt, password_hash=renewed, client=CLIENT, new=new, known=())
    with pytest.raises(WrongCredentials):
        database.run(finish)
    assert matches(NEW, rows("SELECT password_hash FROM users")[0][0])


def test_the_form_says_what_is_wrong_and_shows_no_password(visitor: Visitor, stored: Count) -> None:
    answer = visitor.post("/auth/register", {"email": "new@example.org", "password": "password123"})
    assert answer.status_code == 422
    assert "is known from break-ins" in answer.text
    assert "password123" not in answer.text
    assert stored() == 0

"""Passwords: what may be one, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mealplanner.auth.passwords import hashing as passwords
from mealplanner.auth.passwords.guessing import easy_to_guess
from mealplanner.auth.passwords.hashing import check_new, generated, hashed, matches
from mealplanner.auth.passwords.services import set_password
from mealplanner.auth.signing_in import services
from mealplanner.errors import Invalid
from tests.visitor import PASSWORD, Visitor

EMAIL = "anna.becker@example.org"
Count = Callable[[], int]


class CountingHasher:
    """Argon2, and how often it worked."""

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
    """Counts from here on."""
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    return counting


def refused(password: str) -> bool:
    """Whether nobody may choose it."""
    try:
        check_new(password, email=EMAIL)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        *("password123", "P@ssw0rd2024", "passwordpassword", "iloveyou12345", "letmein!!!!!", "Summer2026!!"),
        *("aaaaaaaaaaaa", "abcabcabcabc", "1212121212", "😀😀😀😀😀😀😀😀😀😀😀", "          "),
        *("1234567890", "0987654321", "abcdefghijkl", "111222333444", "11223344556677"),
        *("qwertyuiop", "poiuytrewq", "1qaz2wsx3edc", "q1w2e3r4t5y6", "qwertzuiop12", "!@#$%^&*()"),
        *("mealplanner2026", "breakfast1234", "anna.becker@example.org", "Becker-1234567", "example.org99"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Words, repeats, sequences, walks over the keyboard, the person's own address, the product's name."""
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        *(PASSWORD, "Tr0ub4dor&3", "xkQ9-vvRt2-zz", "Grüße aus Köln", "ファイルを開く方法教えて", "letmein please now"),
        *("🍎🥕🧀🍞🥑🍋🥦🌽🍇🍓", "treehouse weather", "0 reasons 2 worry", "kdwpfhtzuo"),
    ],
)
def test_what_is_long_and_no_pattern_is_taken(password: str) -> None:
    """Without a rule about capitals, digits or signs, in any script."""
    assert not refused(password)


@pytest.mark.parametrize(("password", "wrong"), [("x7 kd wq9", True), ("x7 kd wq9p", False), ("kq" * 501, True)])
def test_length_comes_first(password: str, wrong: bool) -> None:
    """Ten characters at least, a thousand at most."""
    assert refused(password) is wrong


def test_the_length_is_that_of_the_normal_form() -> None:
    """Letters with separate accents are no longer than with their own."""
    assert len("e\u0301u\u0308a\u0300o\u0302i\u0301") == 10
    assert refused("e\u0301u\u0308a\u0300o\u0302i\u0301")
    assert refused("\ufdfa" * 60)  # one sign that stands for eighteen letters


def test_only_the_persons_own_address_is_held_against_a_password() -> None:
    """What is well known of one person is unknown of another."""
    assert easy_to_guess("annabecker99xy", known=["anna.becker@example.org"])
    assert not easy_to_guess("annabecker99xy", known=["somebody@example.net"])


def test_judging_a_password_takes_no_longer_for_an_evil_one() -> None:
    """A thousand characters that repeat for a long while are compared a bounded number of times."""
    assert not easy_to_guess("ab#" * 3 + "kx!pw" * 198)


@pytest.mark.parametrize("other", ["a" * 71 + "bb", "a" * 72 + "c", "a" * 72, "a" * 72 + "b" * 2])
def test_passwords_that_differ_late_differ(other: str) -> None:
    """There is no byte after which the rest is ignored."""
    assert not matches(other, hashed("a" * 72 + "b"))


def test_every_byte_of_a_long_password_counts() -> None:
    """Also in letters of several bytes, and behind a NUL."""
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
    """However the keyboard at hand composes its letters."""
    assert matches(typed, hashed(chosen))


def test_capitals_and_spaces_are_not_the_same() -> None:
    """Nothing else is evened out."""
    stored = hashed("correct horse")
    assert not any(
        matches(other, stored) for other in ("Correct horse", "correct horse ", "correcthorse", "correct  horse")
    )


def test_an_unknown_account_costs_as_much_as_a_wrong_password(visitor: Visitor, hasher: CountingHasher) -> None:
    """One verification each, from the first request on, so that time tells nothing."""
    visitor.register()
    del hasher.calls[:]
    assert Visitor(visitor.app, "nobody@example.org").sign_in().status_code == 401
    assert hasher.calls == ["verify"]
    assert visitor.sign_in("not what it was").status_code == 401
    assert hasher.calls == ["verify", "verify"]
    assert visitor.sign_in().status_code == 303
    assert hasher.calls == ["verify"] * 3


def test_nobodys_hash_has_the_parameters_of_today(hasher: CountingHasher) -> None:
    """Otherwise verifying it would take another time."""
    passwords._nobodys_hash.cache_clear()
    assert not passwords.outdated(passwords._nobodys_hash())
    assert not matches("", None)
    assert hasher.calls == ["verify"]


@pytest.mark.usefixtures("hasher")
def test_an_old_hash_is_made_again_at_the_next_sign_in(person: Visitor, engine: Engine) -> None:
    """With the parameters of today, and only after the right password."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET password_hash = :weak"), {"weak": weak})

    def stored() -> str:
        with engine.connect() as connection:
            return str(connection.scalar(text("SELECT password_hash FROM users")))

    assert person.sign_in("not what it was").status_code == 401
    assert stored() == weak
    assert person.sign_in().status_code == 303
    assert not passwords.outdated(renewed := stored())
    assert person.sign_in().status_code == 303
    assert stored() == renewed


def test_an_old_hash_is_not_put_over_a_password_that_changed_meanwhile(session: Session) -> None:
    """The update asks for the very hash that was verified."""
    account = services.register(session, email=EMAIL, password=PASSWORD)
    newer = set_password(session, email=EMAIL, password="another secret word")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    services._tidy_up(session, account.id, PASSWORD, weak, 0)
    stored = session.scalar(text("SELECT password_hash FROM users"))
    assert newer
    assert matches("another secret word", stored)


def test_the_form_says_what_is_wrong_and_shows_no_password(visitor: Visitor, stored: Count) -> None:
    """At the field, with a way out."""
    answer = visitor.post("/auth/register", {"email": "new@example.org", "password": "password123"})
    assert answer.status_code == 422
    assert "among the first guesses" in answer.text
    assert "password123" not in answer.text
    assert stored() == 0


def test_a_generated_password_may_be_chosen() -> None:
    """And no two are alike."""
    made = [generated() for _ in range(100)]
    assert len(set(made)) == 100
    assert not any(refused(password) for password in made)

"""What begins before a change of password and ends after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest

from mealplanner.auth import login
from mealplanner.auth.addresses import services as addresses
from mealplanner.auth.passwords import views
from tests.auth.asking import NEW, phone, reset_link
from tests.post import Post
from tests.visitor import PASSWORD, Visitor
from tests.waiting import PATIENCE, eventually

Rows = Callable[..., list[tuple[Any, ...]]]


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, act: Callable[[], object]) -> None:
    """Do `act` once, while `module` calls its slow function `name` with nothing locked."""
    original = getattr(module, name)

    def called(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(module, name, original)
        answer = original(*arguments, **options)
        act()
        return answer

    monkeypatch.setattr(module, name, called)


def test_a_link_is_dead_although_its_use_began_before_the_password_changed(
    person: Visitor, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request had read the clock and the link already."""
    link, elsewhere = reset_link(person, post), phone(person)
    elsewhere.token()

    def change() -> None:
        form = {"present_password": PASSWORD, "password": NEW}
        assert person.post("/auth/account/password", form).status_code == 303

    token = elsewhere.token()
    meanwhile(monkeypatch, views, "chosen", change)
    answer = elsewhere.client.post(link, data={"password": "of the late one"}, headers={"X-CSRFToken": token})
    assert answer.status_code == 404
    assert phone(person).sign_in(NEW).status_code == 303


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/auth/account/password", {"password": "of a thief, and long"}),
        ("/auth/account/email", {"email": "thief@example.net"}),
        ("/auth/account/delete", {"sure": "true"}),
    ],
)
def test_an_old_password_does_nothing_once_it_was_replaced(
    person: Visitor, post: Post, rows: Rows, monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, str]
) -> None:
    """It was right when it was checked, and replaced by the owner a moment later."""
    link, owner = reset_link(person, post), phone(person)
    owner.token()
    thief = person
    token = thief.token()
    meanwhile(monkeypatch, login, "matches", lambda: owner.post(link, {"password": NEW}))
    answer = thief.client.post(path, data={**form, "present_password": PASSWORD}, headers={"X-CSRFToken": token})
    assert answer.status_code == 422
    assert [mail["Subject"] for mail in post.deliver()] == ["Your password was changed"]
    assert rows("SELECT email FROM users") == [(person.email,)]
    assert owner.sign_in(NEW).status_code == 303


def test_of_two_who_change_a_password_at_once_one_does(
    person: Visitor, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    """Both proved the old one; the second finds another in its place."""
    other = phone(person)
    other.sign_in()
    both = Barrier(2, timeout=PATIENCE)
    original = login.matches

    def matches(*arguments: Any) -> bool:
        answer: bool = original(*arguments)
        both.wait()
        return answer

    monkeypatch.setattr(login, "matches", matches)
    chosen = {person: "of the one, and long", other: "of the other, and long"}
    tokens = {visitor: visitor.token() for visitor in chosen}

    def change(visitor: Visitor) -> int:
        form = {"present_password": PASSWORD, "password": chosen[visitor]}
        headers = {"X-CSRFToken": tokens[visitor]}
        return visitor.client.post("/auth/account/password", data=form, headers=headers).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = dict(zip(chosen, pool.map(change, chosen), strict=True))
    assert sorted(statuses.values()) == [303, 422]
    winner = next(visitor for visitor, status in statuses.items() if status == 303)
    assert phone(person).sign_in(chosen[winner]).status_code == 303
    assert rows("SELECT count(*) FROM mails WHERE kind = 'password-changed'") == [(1,)]


def test_what_was_asked_for_just_before_the_password_changed_dies_with_it(
    person: Visitor, post: Post, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief asks for a new address while the owner's change waits for the thief's transaction."""
    link, owner = reset_link(person, post), phone(person)
    owner_token, thief_token = owner.token(), person.token()
    original = addresses.still_proven
    blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'mealplanner'"

    with ThreadPoolExecutor(1) as pool:

        def still_proven(*arguments: Any) -> None:
            original(*arguments)
            headers = {"X-CSRFToken": owner_token}
            monkeypatch.setattr(addresses, "still_proven", original)
            waiting.append(pool.submit(owner.client.post, link, data={"password": NEW}, headers=headers))
            eventually(lambda: rows(blocked))

        waiting: list[Any] = []
        monkeypatch.setattr(addresses, "still_proven", still_proven)
        form = {"email": "thief@example.net", "present_password": PASSWORD}
        answer = person.client.post("/auth/account/email", data=form, headers={"X-CSRFToken": thief_token})
        assert answer.status_code == 303
        assert waiting[0].result(PATIENCE).status_code == 303
    assert [mail["To"] for mail in post.deliver()] == [person.email]
    assert rows("SELECT status FROM mails WHERE recipient = 'thief@example.net'") == [("dropped",)]

"""A finished menu that has not changed: not sent again, not read again, and never shown to another person."""

from __future__ import annotations

import re

import pytest
from jinja2 import meta
from sqlalchemy import Engine, text

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.web import remembered
from tests.clock import Clock
from tests.menu.requests import plan
from tests.statements import asked
from tests.visitor import Visitor

GZIP = {"Accept-Encoding": "gzip"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def person(config: Config, database: Database, clock: Clock) -> Visitor:
    """Return a browser that is signed in to an application with a clock and a memory of its own."""
    visitor = Visitor(create_app(config, database, clock=clock))
    visitor.register()
    visitor.get("/preferences")  # shows what registering had to say
    return visitor


@pytest.fixture
def menu(person: Visitor, database: Database) -> str:
    """Return the address of a finished menu."""
    return plan(person, database, days=1)


def etag(person: Visitor, menu: str, **headers: str) -> str:
    """Return the ETag of the menu as it is now."""
    answer = person.client.get(menu, headers=headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


@pytest.mark.parametrize("form", [{}, JSON], ids=["page", "json"])
def test_an_unchanged_menu_is_neither_sent_nor_read_again(
    person: Visitor, menu: str, database: Database, form: dict[str, str]
) -> None:
    """The first view reads the person with the menu, and its meals; each further one only the first."""
    answers, counts = [], []
    for headers in ({}, GZIP, {"If-None-Match": etag(person, menu, **form)}):
        with asked(database) as statements:
            answers.append(person.client.get(menu, headers={**form, **headers}))
        counts.append(len(statements))
    assert [answer.status_code for answer in answers] == [200, 200, 304]
    assert counts == [1, 1, 1]
    assert answers[2].data == b""
    assert "Content-Encoding" not in answers[2].headers
    for answer in answers:
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["ETag"] == answers[0].headers["ETag"]
        assert {"Cookie", "Accept"} <= set(answer.vary)


def test_what_is_remembered_has_the_token_of_whoever_asks(person: Visitor, menu: str, clock: Clock) -> None:
    """Also after a new sign-in, when the page that the browser has kept would send a token that is void."""
    before = etag(person, menu)
    person.client.post("/auth/logout", data={"csrf_token": person.token()})
    clock.wait(seconds=5)
    assert person.sign_in().status_code == 303
    person.get("/")
    again = person.client.get(menu, headers={"If-None-Match": before})
    assert again.status_code == 200
    (token,) = set(re.findall(r'csrf[-_]token"[^>]*(?:content|value)="([^"]*)', again.text))
    assert person.client.post(f"{menu}/delete", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE menus SET version = version + 1",
        "UPDATE menus SET warnings = '[\"Too little time.\"]'",
        "UPDATE menus SET seed = seed + 1",
        "UPDATE users SET units = 'imperial'",
        "UPDATE users SET time_zone = 'Asia/Tokyo'",
        "UPDATE users SET hours = '12h'",
        "UPDATE users SET dates = 'month-first'",
        "UPDATE users SET email = 'other@example.org', email_key = 'other@example.org'",
        "UPDATE users SET verified_at = now()",
    ],
    ids=lambda change: change.split(" SET ")[0].split()[1] + "." + change.split(" SET ")[1].split()[0],
)
def test_what_the_page_depends_on_makes_it_another(person: Visitor, menu: str, engine: Engine, change: str) -> None:
    before = etag(person, menu)
    with engine.begin() as connection:
        connection.execute(text(change))
    assert person.client.get(menu, headers={"If-None-Match": before}).status_code == 200
    assert etag(person, menu) != before


def test_a_long_warning_that_differs_in_its_middle_makes_it_another(person: Visitor, menu: str, engine: Engine) -> None:
    found = set()
    for word in ("rice", "oats"):
        with engine.begin() as connection:
            warnings = f'["{"a" * 400} {word} {"z" * 400}"]'
            connection.execute(text("UPDATE menus SET warnings = CAST(:warnings AS jsonb)"), {"warnings": warnings})
        found.add(etag(person, menu))
    assert len(found) == 2


def test_another_day_release_path_or_format_makes_it_another(
    person: Visitor, menu: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [etag(person, menu), etag(person, menu, **JSON), etag(person, f"{menu}?x=1")]
    clock.wait(days=1)
    found.append(etag(person, menu))
    monkeypatch.setattr(remembered, "release", lambda: "another")
    found.append(etag(person, menu))
    assert len(set(found)) == len(found)


def test_a_page_reads_only_what_its_version_covers(person: Visitor, menu: str, database: Database) -> None:
    """Rows of `meals` change with the menu's version, and recipes never; the others are read before the key is made.

    A page that reads more has to name it in its key.
    """
    with asked(database) as statements:
        etag(person, menu)
    tables = [set(re.findall(r"(?:FROM|JOIN) (\w+)", statement)) for statement in statements]
    head = {"sessions", "users", "menus", "model_calls", "planned_days"}
    assert tables == [head, {"meals", "recipes", "recipe_ingredients"}]


def test_the_page_is_drawn_from_the_values_that_its_key_names(person: Visitor) -> None:
    """No template that it is made of looks at the request, the cookie or the configuration."""
    environment, names, seen = person.app.jinja_env, ["menu/show.html", "menu/numbers.html"], set()
    while names:
        source = environment.loader.get_source(environment, name := names.pop())[0]  # type: ignore[union-attr]
        tree = environment.parse(source)
        assert not meta.find_undeclared_variables(tree) & {"request", "session", "g", "config"}, name
        seen.add(name)
        names += [other for other in meta.find_referenced_templates(tree) if other is not None and other not in seen]
    assert "bare.html" in seen


def test_a_message_is_shown_once_and_on_no_other_view(person: Visitor, menu: str) -> None:
    before = etag(person, menu)
    with person.client.session_transaction() as session:
        session["_flashes"] = [("success", "Shown exactly once.")]
    shown = person.client.get(menu, headers={"If-None-Match": before})
    assert (shown.status_code, "Shown exactly once." in shown.text) == (200, True)
    assert "ETag" not in shown.headers
    assert shown.headers["Cache-Control"] == "no-store"
    after = person.client.get(menu)
    assert "Shown exactly once." not in after.text
    assert after.headers["ETag"] == before


def test_nobody_else_gets_what_is_remembered(person: Visitor, menu: str) -> None:
    """Neither in the same browser after signing out, nor as another person, even one who knows the ETag."""
    condition = {"If-None-Match": etag(person, menu)}
    other = Visitor(person.app, "other@example.org")
    other.register()
    other.get("/preferences")
    assert other.client.get(menu, headers=condition).status_code == 404
    person.client.post("/auth/logout", data={"csrf_token": person.token()})
    signed_out = person.client.get(menu, headers=condition)
    assert (signed_out.status_code, signed_out.location.split("?")[0]) == (303, "/auth/login")
    person.email = "other@example.org"
    assert person.sign_in().status_code == 303
    person.get("/")
    assert person.client.get(menu, headers=condition).status_code == 404


def test_a_deleted_menu_is_gone(person: Visitor, menu: str) -> None:
    before = etag(person, menu)
    assert person.post(f"{menu}/delete").status_code == 303
    person.get("/menu/")
    assert person.client.get(menu, headers={"If-None-Match": before}).status_code == 404


def test_so_much_is_remembered_and_no_more() -> None:
    """What was used least recently is dropped first."""
    memory = remembered.Memory(limit=30)

    def drawn(letter: bytes) -> remembered.Drawn:
        return remembered.Drawn("text/plain", remembered.Pieces(letter * 10))

    for letter in (b"a", b"b", b"c"):
        memory.put(letter, drawn(letter))
    assert memory.get(b"a") is not None
    memory.put(b"d", drawn(b"d"))
    assert [letter for letter in (b"a", b"b", b"c", b"d") if memory.get(letter)] == [b"a", b"c", b"d"]
    memory.put(b"e", drawn(b"eeee"))
    assert [letter for letter in (b"a", b"c", b"d", b"e") if memory.get(letter)] == []

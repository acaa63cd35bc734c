"""Links to lists: they let in to one list, for a while, and tell nothing when they do not."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.errors import NotFound
from mealplanner.shopping.sharing.values import PURPOSE
from mealplanner.storage.database import Database
from mealplanner.telemetry.logs import ScopeFilter
from mealplanner.unguessable import hash_of, token_of
from tests.clock import Clock
from tests.shopping.conftest import Week
from tests.shopping.lists import DAYS
from tests.visitor import Visitor

LINKS = "/shopping/shares/?from=2026-11-23&to=2026-11-24"
WRONG = "x" * 43


def shared(person: Visitor, **changes: str) -> tuple[str, str]:
    """Share the list of two days; return the id and the path of the link."""
    assert person.post("/shopping/shares/", {**DAYS, **changes}).location == LINKS
    (link, *_) = person.get(LINKS, json=True).get_json()["links"]
    return link["id"], link["link"].removeprefix("http://localhost")


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """Return a browser that is not signed in."""
    return Visitor(app)


def test_a_link_lets_in_to_the_list_and_to_nothing_else(person: Visitor, week: Week, stranger: Visitor) -> None:
    """It can be read and ticked; recipes and other lists ask for a sign-in."""
    week()
    _, link = shared(person)
    page = stranger.get(link)
    assert (page.status_code, page.headers["X-Robots-Tag"], page.headers["Cache-Control"]) == (
        200,
        "noindex",
        "no-store",
    )
    assert "Spinach" in page.text
    assert "Dinner 1" in page.text
    assert "/recipes/" not in page.text
    assert person.email not in page.text
    answer = stranger.post(link, {"tick": "bought spinach 600"})
    assert (answer.status_code, answer.location) == (303, f"{link}#food-spinach")
    (line,) = [one for one in stranger.get(link, json=True).get_json()["lines"] if one["food"] == "spinach"]
    assert (line["state"], line["bought"]) == ("bought", 600)
    assert "You bought 600 g." in person.get("/shopping/?from=2026-11-23&to=2026-11-24").text
    assert stranger.get("/shopping/").status_code == 303


def test_a_form_that_is_sent_twice_makes_one_link(person: Visitor, week: Week) -> None:
    week()
    assert {shared(person, id=str(uuid.UUID(int=7)))[0] for _ in range(2)} == {str(uuid.UUID(int=7))}
    assert len(person.get(LINKS, json=True).get_json()["links"]) == 1


def test_a_tick_by_a_link_cannot_name_other_days(person: Visitor, week: Week, stranger: Visitor) -> None:
    week()
    id_, link = shared(person)
    stranger.post(link, json={"tick": "bought spinach 600", "from": "2026-12-01", "to": "2026-12-02"})
    ticks = person.get("/auth/account/export").get_json()["shopping"]["ticks"]
    assert [(tick["first_day"], tick["last_day"]) for tick in ticks] == [("2026-11-23", "2026-11-24")]
    assert [tick["share_id"] for tick in ticks] == [id_]


def test_a_tick_by_a_link_that_makes_no_sense_is_explained_on_the_list(
    person: Visitor, week: Week, stranger: Visitor
) -> None:
    """Those who have the link have no other page to go back to."""
    week()
    _, link = shared(person)
    refused = stranger.post(link, {"food": "spinach", "state": "bought", "grams": "1e9"})
    assert (refused.status_code, "up to 1,000 kg" in refused.text) == (422, True)
    assert "A shopping list that was shared with you" in refused.text


def test_links_that_do_not_work_are_told_apart_by_nothing(
    person: Visitor, week: Week, stranger: Visitor, rows: Callable[..., Any]
) -> None:
    """Ended, expired, mistyped, of an account that is disabled: one page, and one answer to a tick."""
    week()
    ended, expired = shared(person), shared(person, days="1")
    person.post(f"/shopping/shares/{ended[0]}/end", DAYS)
    rows(
        "UPDATE shopping_shares SET created_at = created_at - interval '9 days', expires_at = now() WHERE id = :id",
        id=expired[0],
    )
    disabled = shared(person)
    rows("UPDATE users SET disabled_at = now()")
    links = (
        ended[1],
        expired[1],
        disabled[1],
        f"/shopping/shared/{WRONG}",
        "/shopping/shared/x",
        "/shopping/shared/%F0%9F%A5%AC",
    )
    pages = [stranger.get(link) for link in links]
    ticks = [stranger.post(link, json={"tick": "bought spinach 600"}) for link in links]
    assert {answer.status_code for answer in (*pages, *ticks)} == {404}
    texts = {answer.text.replace(answer.headers["X-Request-ID"], "") for answer in pages}
    assert len(texts) == 1
    assert {answer.get_json()["detail"] for answer in ticks} == {NotFound.message}
    assert rows("SELECT count(*) FROM shopping_ticks") == [(0,)]


def test_a_link_ends_at_its_time(config: Config, database: Database) -> None:
    """Of the clock, to the second."""
    clock = Clock()
    person = Visitor(create_app(config, database, clock=clock))
    person.register()
    _, link = shared(person, days="1")
    clock.now += timedelta(days=1, seconds=-1)
    assert person.get(link).status_code == 200
    clock.now += timedelta(seconds=1)
    assert person.get(link).status_code == 404


def test_only_the_owner_ends_a_link(person: Visitor, app: Flask) -> None:
    id_, link = shared(person)
    other = Visitor(app, "other@example.org")
    other.register()
    other.post(f"/shopping/shares/{id_}/end", DAYS)
    assert other.get(link).status_code == 200
    assert other.get(LINKS, json=True).get_json()["links"] == []


@pytest.mark.parametrize("days", ["0", "32", "-1", "soon", "1e3"])
def test_a_link_without_a_sensible_end_is_refused(person: Visitor, days: str) -> None:
    answer = person.post("/shopping/shares/", {**DAYS, "days": days})
    assert (answer.status_code, "1 to 31 days" in answer.text) == (422, True)


def test_there_are_so_many_links(person: Visitor) -> None:
    for _ in range(20):
        assert person.post("/shopping/shares/", DAYS).status_code == 303
    assert "End one of them first" in person.post("/shopping/shares/", DAYS).text


def test_the_secret_of_a_link_is_stored_nowhere(person: Visitor, rows: Callable[..., Any]) -> None:
    """Its hash is; with another key of the site the link still works, and is not shown."""
    id_, link = shared(person)
    token = link.rsplit("/", 1)[1]
    assert token == token_of(PURPOSE, uuid.UUID(id_), (str(person.app.secret_key),))
    assert len(token) == 43
    assert rows("SELECT token_hash FROM shopping_shares") == [(hash_of(token),)]
    rows("UPDATE shopping_shares SET token_hash = '\\x00'")
    assert [one["link"] for one in person.get(LINKS, json=True).get_json()["links"]] == [None]


def test_who_came_by_a_link_is_told_apart_in_the_log(
    person: Visitor, week: Week, stranger: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """By the id of the link, which is not its secret; of an account there is none."""
    week()
    id_, link = shared(person)
    caplog.handler.addFilter(ScopeFilter())
    with caplog.at_level(logging.INFO):
        caplog.clear()
        stranger.post(link, json={"tick": "bought spinach 600"})
        person.get("/shopping/")
    answered = [record for record in caplog.records if record.name == "mealplanner.web.application"]
    told = {(record.scope, record.link) for record in answered}  # type: ignore[attr-defined]
    assert told == {("auth.login_form", "-"), ("shared_lists.tick", id_), ("shopping.index", "-")}
    assert link.rsplit("/", 1)[1] not in json.dumps([record.getMessage() for record in caplog.records])


def test_guessing_links_has_to_wait_and_having_one_does_not(config: Config, database: Database) -> None:
    """Of one address; so a household behind it still gets in."""
    app = create_app(replace(config, leniency=1), database)
    person, guesser = Visitor(app), Visitor(app)
    person.register()
    _, link = shared(person)
    for visitor in (person, guesser):
        visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    answers = [guesser.get(f"/shopping/shared/{WRONG}").status_code for _ in range(32)]
    assert (answers[:29], answers[-1]) == ([404] * 29, 429)
    assert guesser.get(link).status_code == 200


def test_ticks_by_one_link_are_limited(config: Config, database: Database) -> None:
    """Far above what a household taps."""
    app = create_app(replace(config, leniency=0.02), database)
    person = Visitor(app)
    person.register()
    _, link = shared(person)
    answers = [person.post(link, json={"tick": "later spinach"}).status_code for _ in range(14)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429

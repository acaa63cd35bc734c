"""Replacing the key of the site: what the old one signed goes on, and nothing new is signed with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from tests.shopping.lists import DAYS
from tests.visitor import Visitor

OLD, NEW = "the key of last year", "the key of this year"
LISTS = "/shopping/shares/?from=2026-11-23&to=2026-11-24"
Site = Callable[..., Flask]


@pytest.fixture
def site(config: Config, database: Database) -> Site:
    """Return `site(key, fallback)`, the application with these keys."""

    def build(key: str, fallback: str | None = None) -> Flask:
        return create_app(replace(config, secret_key=key, secret_key_fallback=fallback), database)

    return build


def moved(visitor: Visitor, app: Flask) -> Visitor:
    """Return the same browser after its site was started again as `app`."""
    after = Visitor(app, visitor.email)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    after.client.set_cookie("session", cookie.value)
    return after


def test_a_session_goes_on_and_moves_to_the_new_key(site: Site) -> None:
    before = Visitor(site(OLD))
    before.register()
    during = moved(before, site(NEW, OLD))
    assert during.get("/preferences").status_code == 200
    during.post("/auth/sign-out-everywhere")
    assert moved(during, site(NEW)).get("/preferences").status_code == 200
    assert moved(before, site(NEW)).get("/preferences").status_code == 303


def test_a_page_that_was_open_can_be_sent(site: Site) -> None:
    before = Visitor(site(OLD))
    before.register()
    token = before.token()
    during = moved(before, site(NEW, OLD))
    sent = during.client.post("/auth/sign-out-everywhere", headers={"X-CSRFToken": token})
    assert sent.status_code == 303
    after = moved(before, site(NEW))
    assert after.client.post("/auth/logout", headers={"X-CSRFToken": token}).status_code == 400


def test_a_form_that_was_kept_on_the_way_through_a_sign_in_is_opened(site: Site) -> None:
    before = Visitor(site(OLD))
    before.register()
    page = Visitor(before.app).post("/preferences", {"diet": "vegan"}).text
    sealed = re.search(r'name="kept" value="([^"]+)"', page)
    assert sealed is not None
    form = {"email": before.email, "password": "correct horse battery", "kept": sealed[1]}
    during, after = Visitor(site(NEW, OLD), before.email), Visitor(site(NEW), before.email)
    assert "vegan" in during.post("/auth/login", form).text
    assert "vegan" not in after.post("/auth/login", form).text


def test_secret_addresses_are_shown_again(site: Site) -> None:
    before = Visitor(site(OLD))
    before.register()
    before.post("/calendar/")
    before.post("/shopping/shares/", {**DAYS, "days": "7"})

    def shown(visitor: Visitor) -> list[str | None]:
        shared = visitor.get(LISTS, json=True).get_json()["links"][0]["link"]
        return [visitor.get("/calendar/", json=True).get_json()["address"], shared]

    addresses = shown(before)
    assert all(addresses)
    assert shown(moved(before, site(NEW, OLD))) == addresses
    during = moved(before, site(NEW, OLD))
    during.post("/auth/sign-out-everywhere")
    after = moved(during, site(NEW))
    assert shown(after) == [None, None]
    assert Visitor(after.app).client.get(str(addresses[0])).status_code == 200


def test_a_new_address_is_made_with_the_new_key(site: Site) -> None:
    during = Visitor(site(NEW, OLD))
    during.register()
    during.post("/calendar/")
    address = during.get("/calendar/", json=True).get_json()["address"]
    assert address is not None
    assert moved(during, site(NEW)).get("/calendar/", json=True).get_json()["address"] == address

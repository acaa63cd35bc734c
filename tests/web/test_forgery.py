"""Forms of other sites are refused, and the page says why; programs and browsers that hide their origin are not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.web.access import is_public
from tests.visitor import Visitor
from tests.web.every_address import posts

Make = Callable[..., FlaskClient]


@pytest.fixture
def make(config: Config, database: Database) -> Make:
    """Return `make(base_url=...)`, which makes a browser of the application with other settings."""

    def build(**settings: object) -> FlaskClient:
        return create_app(replace(config, **settings), database).test_client()  # type: ignore[arg-type]

    return build


def send(browser: FlaskClient, headers: dict[str, str], base_url: str) -> tuple[int, str]:
    """Return the status and the text of the answer to a usable form with its token."""
    page = browser.get("/auth/login", base_url=base_url)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    form = {"csrf_token": found[1], "email": "nobody@example.org", "password": "no such password"}
    answer = browser.post("/auth/login", data=form, headers=headers, base_url=base_url)
    return answer.status_code, answer.text


MEALS = "https://meals.example.org"
OTHER_PORT = f"{MEALS}:8443"
BY_PROXY = "http://meals.example.org"
KITCHEN = "http://kitchen.local:8000"


@pytest.mark.parametrize(
    ("base_url", "host", "headers", "status"),
    [
        # Over TLS, with no header at all: a program, or a careful browser.
        (MEALS, MEALS, {}, 401),
        (MEALS, MEALS, {"Origin": "null"}, 401),
        (MEALS, MEALS, {"Referer": f"{MEALS}/preferences"}, 401),
        # Through a proxy that drops the port from Host, and that speaks HTTP to us.
        (OTHER_PORT, BY_PROXY, {"Origin": OTHER_PORT}, 401),
        (OTHER_PORT, BY_PROXY, {"Origin": MEALS}, 403),
        (MEALS, BY_PROXY, {"Origin": BY_PROXY}, 403),
        # On the machine itself, whatever the address.
        (MEALS, "http://localhost:8000", {"Origin": "http://localhost:8000"}, 401),
        (MEALS, "http://localhost:8000", {"Origin": "http://localhost:9000"}, 403),
        # Without an address the host of the request counts, by either scheme: a proxy may not tell of its TLS.
        (None, KITCHEN, {"Origin": KITCHEN}, 401),
        (None, BY_PROXY, {"Origin": MEALS}, 401),
        (None, MEALS, {"Origin": BY_PROXY}, 403),
        (None, KITCHEN, {"Origin": "https://evil.example"}, 403),
        (None, KITCHEN, {"Referer": "https://evil.example/"}, 403),
        (None, KITCHEN, {"Sec-Fetch-Site": "cross-site"}, 403),
        (None, KITCHEN, {"Origin": KITCHEN, "Sec-Fetch-Site": "cross-site"}, 401),
    ],
)
def test_a_form_is_taken_from_this_site_and_from_programs(
    make: Make, base_url: str | None, host: str, headers: dict[str, str], status: int
) -> None:
    cookie = {"SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_NAME": "session"}  # so that either scheme carries it
    browser = make(base_url=base_url)
    browser.application.config.update(cookie)
    assert send(browser, headers, host)[0] == status


def test_the_page_and_the_log_name_both_addresses(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    _, page = send(visitor.client, {"Origin": "https://evil.example"}, "http://meals.example.org")
    said = "Origin: https://evil.example:443"
    assert said in page
    assert "meals.example.org" in page
    assert "nobody@example.org" not in page
    assert f"refused POST auth.login: {said}, but this site is meals.example.org" in caplog.text


def test_every_post_needs_its_token(app: Flask, person: Visitor) -> None:
    found = posts(app)
    assert len(found) >= 7
    for path, rule in found:
        for body in ({"data": {"x": "1"}}, {"json": {"x": "1"}}, {"data": {"csrf_token": "made up"}}):
            assert person.client.post(path, **body).status_code == 400, rule.endpoint
    assert person.get("/preferences").status_code == 200


def test_without_a_sign_in_only_public_addresses_ask_for_a_token(app: Flask) -> None:
    for path, rule in posts(app):
        status = 400 if is_public(app.view_functions[rule.endpoint]) else 401
        for body in ({"data": {"x": "1"}}, {"json": {"x": "1"}}):
            assert app.test_client().post(path, **body).status_code == status, rule.endpoint


def test_the_token_of_another_visitor_is_no_token(app: Flask, person: Visitor) -> None:
    token = Visitor(app).token()
    answer = person.client.post("/auth/logout", headers={"X-CSRFToken": token})
    assert answer.status_code == 400
    assert person.get("/preferences").status_code == 200


@pytest.mark.parametrize(
    ("token", "cookie", "cause"),
    [
        (None, True, "without the security token"),
        ("made up", True, "opened before you last signed in or out"),
        ("made up", False, "did not send the cookie"),
    ],
)
def test_a_refused_form_is_told_the_cause(visitor: Visitor, token: str | None, cookie: bool, cause: str) -> None:
    if cookie:
        visitor.token()
    form = {"email": "me@example.org"} | ({"csrf_token": token} if token else {})
    answer = visitor.client.post("/auth/forgot", data=form)
    assert answer.status_code == 400
    assert cause in answer.text

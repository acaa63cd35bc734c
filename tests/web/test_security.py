"""The guards around every request and every answer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.web.access import public
from mealplanner.web.clients import client
from mealplanner.web.security import HEADERS, MAXIMUM_BODY, safe_next
from tests.visitor import Visitor

TEMPLATES = Path(__file__).resolve().parents[2] / "mealplanner/web/templates"
HTTPS = "https://meals.example.org"
Make = Callable[..., Flask]


@pytest.fixture
def make(config: Config, database: Database) -> Make:
    """Return `make(base_url=...)`, the application with other settings; `/who` shows how it sees a request."""

    def build(**settings: object) -> Flask:
        app = create_app(replace(config, **settings), database)  # type: ignore[arg-type]
        app.add_url_rule("/who", "who", public(lambda: {"address": client().address, "tls": request.is_secure}))
        return app

    return build


@pytest.mark.parametrize("path", ["/", "/auth/login", "/healthz", "/nowhere", "/static/app.css", "/metrics"])
def test_every_answer_carries_the_headers(app: Flask, path: str) -> None:
    """Pages, errors, programs' answers and files alike."""
    with app.test_client().get(path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    """Each source is this site or nothing."""
    directives = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert directives["default-src"] == "'none'"
    assert set(directives.values()) == {"'self'", "'none'"}


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_no_template_needs_more_than_the_policy_allows(page: Path) -> None:
    """No script, style or handler within a page, and nothing from elsewhere. Data is no script."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", page.read_text(), flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "{{}}", text, flags=re.DOTALL).replace('<script type="application/ld+json">', "")
    assert not re.search(r"\s(style|on[a-z]+)\s*=|<style|javascript:|src=\"(?!\{\{)", text)
    assert not re.search(r"<script(?![^>]* src=)", text)


@pytest.mark.parametrize(("base_url", "secure"), [(HTTPS, True), ("http://localhost", False), (None, False)])
def test_with_https_the_browser_is_told_to_stay_there(make: Make, base_url: str | None, secure: bool) -> None:
    """HSTS and a cookie for TLS only; over http either would lock people out."""
    answer = make(base_url=base_url).test_client().get("/auth/login", base_url="http://localhost")
    assert ("Strict-Transport-Security" in answer.headers) is secure
    cookie = answer.headers["Set-Cookie"]
    assert ("; Secure" in cookie) is secure
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert cookie.startswith("__Host-session=" if secure else "session=")  # which no other host of the domain can set
    assert ("; Path=/" in cookie, "Domain" in cookie) == (True, False)


@pytest.mark.parametrize("path", ["/", "/menu/", "/nowhere"])
def test_pages_are_never_kept_by_caches(person: Visitor, path: str) -> None:
    """Neither as pages nor as JSON; files are kept for a year."""
    for json in (False, True):
        assert person.get(path, json=json).headers["Cache-Control"] == "no-store"
    with person.get("/static/app.css") as file:
        assert "max-age=31536000" in file.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["form", "json", "unannounced"])
def test_too_long_a_body_is_a_page_that_says_so(person: Visitor, kind: str) -> None:
    """413 for forms and JSON, whether or not the length was announced."""
    long = {"diet_type": "x" * MAXIMUM_BODY}
    body: dict[str, Any] = {"data": long} if kind == "form" else {"json": long}
    if kind == "unannounced":
        environ = {"wsgi.input_terminated": True, "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        body = {"input_stream": io.BytesIO(b"x" * MAXIMUM_BODY * 2), "environ_overrides": environ}
    answer = person.client.post("/preferences", headers={"X-CSRFToken": person.token()}, **body)
    assert answer.status_code == 413
    assert "longer than any form here needs" in answer.text
    assert person.get("/preferences").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "a\\u0000@example.org", "password": "x"}',
        b'{"email": "a@example.org", "password": "half \\ud83d of an emoji"}',
        b'{"email": ["\\ud83d"], "password": {"\\u0000": 1}}',
        b'{"email": ' + b"[" * 100_000,
        b'{"email": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b"[]",
        b"null",
        b'"text"',
        b"\xff",
        b"{",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_text_is_refused(visitor: Visitor, body: bytes) -> None:
    """400, before it reaches the database or the hash."""
    headers = {"X-CSRFToken": visitor.token(), "Content-Type": "application/json"}
    answer = visitor.client.post("/auth/login", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_a_nul_in_a_form_is_refused(visitor: Visitor) -> None:
    """PostgreSQL cannot store this character."""
    assert visitor.post("/auth/login", {"email": "a@example.org", "password": "a\x00b"}).status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("meals.example.org", 200),
        ("MEALS.example.org:8443", 200),
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("meals.example.org.evil.example", 400),
        ("meals.example.org@evil.example", 400),
        ("[::2]", 400),
        ("", 400),
    ],
)
def test_only_its_own_name_is_answered(make: Make, host: str, status: int) -> None:
    """With a page that says so; health answers under any name."""
    client = make(base_url=HTTPS).test_client()
    answer = client.get("/auth/login", headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or "This site has another name" in answer.text
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("base_url", "host"),
    [("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"), ("https://küche.example", "xn--kche-0ra.example")],
)
def test_names_are_compared_as_browsers_send_them(make: Make, base_url: str, host: str) -> None:
    """In brackets, or in the letters of the DNS."""
    assert make(base_url=base_url).test_client().get("/auth/login", headers={"Host": host}).status_code == 200


def test_without_a_base_url_any_name_is_answered(make: Make) -> None:
    """A laptop or a household needs no configured name."""
    assert make().test_client().get("/auth/login", headers={"Host": "kitchen.local:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "198.51.100.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (1, "", "198.51.100.1"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_announced_proxy_saw(
    make: Make, proxies: int, forwarded: str, address: str
) -> None:
    """What visitors write into the header themselves stands left of it, and is ignored."""
    client = make(trusted_proxies=proxies).test_client()
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = client.get("/who", headers=headers, environ_overrides={"REMOTE_ADDR": "198.51.100.1"})
    assert answer.get_json() == {"address": address, "tls": proxies > 0}


@pytest.mark.parametrize("target", ["/menu/", "/menu/?a=b", "/%2F%2Fevil.example", "/menu/#part", "/küche"])
def test_paths_of_this_site_are_safe_to_go_to(target: str) -> None:
    """With what follows them."""
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "///evil.example", "\\\\evil.example"),
        *("/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)", "menu", "", None),
        *("http:evil.example", "/ok\\..\\evil", "\x00/menu/", "/menu/../x", "/menu/%2e%2E/x"),
    ],
)
def test_nothing_else_is(target: str | None) -> None:
    """However it is disguised."""
    assert safe_next(target) is None


def test_a_redirect_of_ours_stays_here(person: Visitor) -> None:
    """In the header itself, the target is a path."""
    answer: Response = person.post("/auth/login", {"email": "x", "next": "//evil.example"})
    assert "evil.example" not in answer.text

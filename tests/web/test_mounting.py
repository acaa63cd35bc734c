"""The site below a path of its host: pages, cookies, redirects, forms, files and mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.web.mounting import Mounted
from tests.post import Post
from tests.visitor import PASSWORD

SITE = "https://example.org"
MEALS = f"{SITE}/meals"
Make = Callable[[str | None], FlaskClient]


@pytest.fixture
def make(config: Config, database: Database) -> Make:
    """Return `make(base_url)`, which makes a browser of the application at that address, over TLS."""

    def build(base_url: str | None) -> FlaskClient:
        browser = create_app(replace(config, base_url=base_url), database).test_client()
        browser.environ_base.update({"wsgi.url_scheme": "https", "HTTP_HOST": "example.org"})
        return browser

    return build


@pytest.fixture
def browser(make: Make) -> FlaskClient:
    """Return a browser of https://example.org/meals, signed in."""
    found = make(MEALS)
    form = {"email": "person@example.org", "password": PASSWORD, "csrf_token": token(found, "/meals/auth/register")}
    answer = found.post("/meals/auth/register", data=form, headers={"Origin": SITE}, base_url=SITE)
    assert (answer.status_code, answer.location) == (303, "/meals/preferences/food")
    return found


def get(browser: FlaskClient, path: str) -> str:
    """Return the page at `path`."""
    answer = browser.get(path, base_url=SITE)
    assert answer.status_code == 200, answer.text
    return answer.text


def token(browser: FlaskClient, path: str) -> str:
    """Return the security token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', get(browser, path))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("page", ["", "/", "/preferences", "/menu/", "/recipes/", "/auth/account", "/auth/sign-ins"])
def test_every_address_of_a_page_begins_with_the_path(browser: FlaskClient, page: str) -> None:
    found = re.findall(r'(?:href|src|action|data-progress)="([^"]*)"', get(browser, f"/meals{page}"))
    assert len(found) > 5
    assert [address for address in found if not address.startswith(("/meals/", "#", "https://doi.org/"))] == []


def test_files_are_served_below_it(browser: FlaskClient) -> None:
    (address,) = re.findall(r'href="(/meals/static/app.css[^"]*)"', get(browser, "/meals/"))
    with browser.get(address, base_url=SITE) as file:
        assert file.status_code == 200


def test_the_cookie_is_for_this_path_alone(make: Make) -> None:
    cookie = make(MEALS).get("/meals/auth/login", base_url=SITE).headers["Set-Cookie"]
    assert cookie.startswith("__Secure-session=")
    assert "; Path=/meals" in cookie
    assert "; Secure" in cookie


def test_a_person_who_is_not_signed_in_comes_back_to_the_page_they_wanted(make: Make) -> None:
    browser = make(MEALS)
    asked = browser.get("/meals/menu/?a=b", base_url=SITE)
    assert asked.location == "/meals/auth/login?next=/meals/menu/?a%3Db"
    form = {"email": "person@example.org", "password": PASSWORD, "csrf_token": token(browser, "/meals/auth/register")}
    made = browser.post("/meals/auth/register", data={**form, "next": "/meals/menu/?a=b"}, base_url=SITE)
    assert made.location == "/meals/menu/?a=b"


@pytest.mark.parametrize(
    "target", ["/menu/", "/mealsandmore/", "//evil.example/meals/", "/meals/../x", "/meals/%2E./x"]
)
def test_it_leads_to_no_other_part_of_the_host(browser: FlaskClient, target: str) -> None:
    form = {"present_password": PASSWORD, "csrf_token": token(browser, "/meals/auth/confirm"), "next": target}
    answer = browser.post("/meals/auth/confirm", data=form, base_url=SITE)
    assert answer.location == "/meals/"


def test_what_was_typed_comes_back_to_its_form(browser: FlaskClient) -> None:
    old = token(browser, "/meals/preferences")
    browser.post("/meals/auth/logout", data={"csrf_token": old}, base_url=SITE)
    answer = browser.post("/meals/preferences", data={"calorie_goal": "1234"}, base_url=SITE)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    form = {**sent, "email": "person@example.org", "password": PASSWORD}
    back = browser.post("/meals/auth/login", data=form, base_url=SITE)
    assert 'value="1234"' in back.text
    assert 'action="/meals/preferences"' in back.text


def test_mails_lead_to_it(
    browser: FlaskClient, database: Database, config: Config, engine: Engine, tmp_path: object
) -> None:
    post = Post(database, replace(config, base_url=MEALS), engine, tmp_path)  # type: ignore[arg-type]
    (mail,) = post.deliver()
    body = mail.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(r"https://example.org(/meals/auth/verify/\S+)", body.get_content())
    assert "Confirm" in get(browser, link)


def test_a_proxy_may_take_the_path_off(make: Make) -> None:
    browser = make(MEALS)
    assert 'href="/meals/auth/register"' in get(browser, "/auth/login")
    assert browser.get("/healthz", base_url=SITE).status_code == 200


@pytest.mark.parametrize("base_url", [SITE, MEALS, None])
def test_a_header_cannot_move_the_site(make: Make, base_url: str | None) -> None:
    for script, path in (("/x", "/metrics"), ("/x/metrics", ""), ("/x/metrics", "/")):
        answer = make(base_url).get(path, base_url=SITE, environ_overrides={"SCRIPT_NAME": script, "PATH_INFO": path})
        assert answer.status_code == 404
        assert 'href="/x' not in answer.text


@pytest.mark.parametrize(
    ("prefix", "script", "path", "expected"),
    [
        ("", "", "/menu/", ("", "/menu/")),
        ("", "", "", ("", "/")),
        ("", "/x", "/menu/", ("", "/x/menu/")),
        ("/meals", "", "/meals/menu/", ("/meals", "/menu/")),
        ("/meals", "/meals", "/menu/", ("/meals", "/menu/")),
        ("/meals", "", "/menu/", ("/meals", "/menu/")),
        ("/meals", "", "/meals", ("/meals", "/")),
        ("/meals", "", "/mealsandmore", ("/meals", "/mealsandmore")),
        ("/meals", "/x", "/meals/menu/", ("/meals", "/x/meals/menu/")),
        ("/a/b", "", "/a/b/menu/", ("/a/b", "/menu/")),
    ],
)
def test_only_the_configured_path_is_taken_off(prefix: str, script: str, path: str, expected: tuple[str, str]) -> None:
    seen: list[tuple[str, str]] = []

    def application(environ: dict[str, str], _start_response: object) -> list[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return []

    Mounted(application, prefix)({"SCRIPT_NAME": script, "PATH_INFO": path}, None)  # type: ignore[arg-type]
    assert seen == [expected]

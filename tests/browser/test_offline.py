"""The menu of this week without a connection: kept after a visit, never shown instead of a newer one, and private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import playwright
from tests.browser.pages import KEPT, await_menu, sign_up
from tests.installation import Installation
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.process, pytest.mark.browser]

FORGOTTEN = """async () => !(await caches.keys()).some((name) => name.includes(" of "))"""


@pytest.fixture
def page(browser: Any, installation: Installation) -> Iterator[Any]:
    """Return a page in a fresh profile; the network may be cut, so errors in the console are no failures."""
    context = browser.new_context(base_url=installation.address)
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture
def menu(page: Any) -> str:
    """Make a menu that begins today, open it, and return its address once it is kept with its dishes."""
    sign_up(page)
    page.goto("/menu/")
    page.locator("[name=days]").fill("1")
    page.get_by_role("button", name="Make this menu").click()
    await_menu(page)
    dishes = page.locator("#plan h3 a").count()
    assert dishes > 0
    eventually(lambda: page.evaluate(KEPT, 2 * dishes + 4))  # each with its steps; the first page; the menu; two lists
    return str(page.url)


def heading(page: Any, words: str | re.Pattern[str]) -> None:
    """Expect this heading."""
    playwright.expect(page.locator("h1")).to_have_text(words)


def test_this_week_and_its_dishes_are_there_without_a_connection(page: Any, menu: str) -> None:
    title = page.locator("h1").inner_text()
    page.context.set_offline(True)
    page.goto(menu)
    heading(page, title)
    playwright.expect(page.get_by_text("You are offline.")).to_be_visible()
    dish = page.locator("#plan h3 a").first
    name = dish.inner_text()
    dish.click()
    heading(page, re.compile(re.escape(name).replace(r"\ ", r"\s+")))
    page.get_by_role("link", name="Cook").click()
    page.wait_for_url("**/cook?**")
    heading(page, re.compile(re.escape(name).replace(r"\ ", r"\s+")))
    page.goto("/preferences")
    heading(page, "You are offline")
    page.get_by_role("link", name=title, exact=True).click()
    heading(page, title)
    page.context.set_offline(False)
    page.goto(menu)
    heading(page, title)
    playwright.expect(page.get_by_text("You are offline.")).to_have_count(0)


def test_with_a_connection_nothing_kept_is_shown(page: Any, menu: str) -> None:
    """A menu that was deleted is gone at once."""
    page.get_by_text("Delete this menu").click()
    page.get_by_role("button", name="Delete it permanently").click()
    page.wait_for_url("**/menu/")
    answer = page.goto(menu)
    assert answer.status == 404


def test_nothing_is_left_after_signing_out(page: Any, menu: str) -> None:
    """Neither without a connection, nor with the button that leads back, nor for the next person."""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    eventually(lambda: page.evaluate(FORGOTTEN))
    page.go_back()
    page.wait_for_url("**/auth/login**")
    page.context.set_offline(True)
    page.goto(menu)
    heading(page, "You are offline")
    assert page.locator("[data-kept-pages]").is_hidden()
    page.context.set_offline(False)
    sign_up(page)
    assert page.goto(menu).status == 404


def test_what_is_kept_goes_when_the_session_has_ended(page: Any, menu: str) -> None:
    """Also if it was ended elsewhere."""
    page.context.clear_cookies()
    page.goto("/")
    eventually(lambda: page.evaluate(FORGOTTEN))
    page.context.set_offline(True)
    page.goto(menu)
    heading(page, "You are offline")


def test_it_works_without_a_service_worker(browser: Any, installation: Installation) -> None:
    """As over plain HTTP, where browsers have none."""
    context = browser.new_context(base_url=installation.address, service_workers="block")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    sign_up(page)
    page.goto("/menu/")
    heading(page, "Menus")
    context.close()
    assert complaints == []

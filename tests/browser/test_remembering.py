"""Why a dish is there, why it is safe, a habit that menus obey, and what was eaten: on a phone without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.pages import await_menu, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]

playwright = pytest.importorskip("playwright.sync_api")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "java_script_enabled": False}


@pytest.fixture(scope="module")
def phone(browser: Any, installation: Installation) -> Iterator[Any]:
    """Return a page on a phone of a person who has a menu for a week."""
    with page_of(browser, installation, **PHONE) as page:
        sign_up(page)
        page.goto("/menu/")
        page.get_by_role("button", name="Make this menu").click()
        await_menu(page)
        yield page


def fits(page: Any) -> None:
    """Fail if the page is wider than the screen."""
    wide = page.locator("main").evaluate("main => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_why_a_dish_is_there_is_one_tap_away(phone: Any) -> None:
    """Reasons, the proof and the ingredients, and a way back to the day."""
    menu = phone.url.partition("#")[0]
    title = phone.locator(".day.shown .meal-title").first.inner_text()
    phone.locator(".day.shown a[href$='/why']").first.click()
    playwright.expect(phone.get_by_role("heading", level=1)).to_have_text(title)
    for heading in ("Why this dish?", "Why is it safe?", "What we know of each ingredient"):
        playwright.expect(phone.get_by_role("heading", name=heading)).to_be_visible()
    playwright.expect(phone.get_by_text(re.compile("the day comes to"))).to_be_visible()
    fits(phone)
    phone.locator(".eyebrow a").first.click()
    playwright.expect(phone).to_have_url(re.compile(rf"^{menu}(#.*)?$"))


def test_a_meal_becomes_a_habit(phone: Any) -> None:
    """It is listed, with a way to forget it."""
    phone.locator(".day.shown a[href$='/why']").first.click()
    playwright.expect(phone.get_by_role("heading", name="Why this dish?")).to_be_visible()
    title = phone.get_by_role("heading", level=1).inner_text()
    phone.get_by_role("button", name=re.compile("Make it my usual")).click()
    playwright.expect(phone.get_by_role("heading", name="Usual meals")).to_be_visible()
    playwright.expect(phone.get_by_role("link", name=title)).to_be_visible()
    fits(phone)
    phone.get_by_text("Forget", exact=True).click()
    phone.get_by_role("button", name="Forget this usual meal").click()
    playwright.expect(phone.get_by_text("None yet.")).to_be_visible()


def test_what_was_eaten_is_listed_corrected_and_forgotten(phone: Any) -> None:
    """A meal of today is ticked, and the tick is taken back."""
    phone.goto("/history/")
    fits(phone)
    first = phone.locator(".past > li").first
    first.get_by_text("I ate it").first.click()
    first.get_by_role("button", name="I ate it").click()
    playwright.expect(phone.locator(".past > li").first.get_by_text("eaten", exact=True)).to_be_visible()
    phone.locator(".past > li").first.get_by_text("Change").click()
    phone.locator(".past > li").first.get_by_role("button", name="Not eaten").click()
    playwright.expect(phone.locator(".past > li").first.get_by_text("planned", exact=True)).to_be_visible()

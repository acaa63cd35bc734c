"""From an empty account to a cooked Tuesday."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import VIEWS, await_menu, cook_to_the_end, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]


def tuesday(page: Any) -> Any:
    """Return the day, which a phone shows alone."""
    day = page.locator(".day", has=page.get_by_role("heading", name=re.compile("^Tuesday"), include_hidden=True))
    if page.viewport_size["width"] < 700:
        page.locator(".days").get_by_role("link", name=re.compile("Tue")).click()
    return day


def menu(page: Any) -> Any:
    """Return what programs get of the menu that the page shows."""
    return page.request.get(page.url.split("#")[0], headers={"Accept": "application/json"}).json()


@VIEWS
def test_a_new_person_cooks_on_tuesday(browser: Any, installation: Installation, view: dict[str, Any]) -> None:
    """They make a week, choose another dinner, make more of it, cook it, eat it, and want another one never again."""
    with page_of(browser, installation, locale="en-US", timezone_id="America/New_York", **view) as page:
        sign_up(page)
        page.get_by_role("button", name="Skip the rest and make my week").click()
        await_menu(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^[A-Z][a-z]+ [0-9]+"))
        first = page.locator(".day.shown .meal").first.bounding_box()
        assert first["y"] + first["height"] < view["viewport"]["height"]

        dinner = tuesday(page).locator(".meal").last
        dinner.get_by_role("link", name="Swap").click()
        offer = page.locator(".offers .meal").first
        chosen = offer.locator(".meal-title").inner_text()
        offer.get_by_role("button", name="Choose this").click()
        dinner = tuesday(page).locator(".meal").last
        expect(dinner.locator(".meal-title")).to_have_text(chosen)

        dinner.locator("summary").click()
        dinner.get_by_role("link", name="Portion").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(chosen)
        page.get_by_label("People").fill("2")
        page.get_by_role("button", name="Save", exact=True).click()
        tuesday(page).locator(".meal-title a").last.click()

        expect(page.locator(".way-back a")).to_have_text("Tuesday dinner")
        page.get_by_role("link", name="Cook").click()
        page.get_by_role("link", name="Start").click()
        cook_to_the_end(page)
        page.get_by_role("button", name="Done").click()
        page.wait_for_url(re.compile("/menu/"))

        dinner = tuesday(page).locator(".meal").last
        dinner.locator("summary").click()
        dinner.get_by_role("button", name="Eaten").click()
        expect(tuesday(page).locator(".meal").last).to_contain_text("eaten")
        meal = next(day for day in menu(page)["days"] if day["date"] in page.url)["meals"][-1]
        assert (meal["recipe"]["title"], meal["cooked"], meal["eaten"]) == (chosen, True, True)

        tuesday(page).locator(".meal").nth(1).locator(".meal-title a").click()
        page.get_by_role("button", name="Never again").click()
        page.get_by_role("link", name=re.compile("^Swap .* on Tuesday|^Swap Tuesday")).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Instead of"))

"""Changing a week in a browser: keep, swap, undo, skip, note, tick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.pages import VIEWS, ask_for_a_week, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]


@contextmanager
def at_home(browser: Any, installation: Installation, view: dict[str, Any]) -> Iterator[Any]:
    """Open the week of a new person, which begins today."""
    with page_of(browser, installation, **view) as page:
        sign_up(page)
        ask_for_a_week(page)
        yield page


@VIEWS
def test_a_meal_is_kept_swapped_and_brought_back(
    browser: Any, installation: Installation, view: dict[str, Any]
) -> None:
    """Each change is shown where it was made, with the way back beside it."""
    with at_home(browser, installation, view) as page:
        dinner = page.locator(".day.shown .meal").last
        planned = dinner.locator(".meal-title").inner_text()
        dinner.get_by_role("button", name="Keep", exact=False).first.click()
        expect(dinner).to_contain_text("kept")
        page.wait_for_load_state()  # its place is that of the stylesheet
        assert below(page.get_by_role("status"), page.locator(".days")), "the notice hides the days"
        expect(dinner.get_by_role("link", name="Swap")).to_have_count(0)
        page.get_by_role("status").get_by_role("button", name="Undo").click()
        expect(dinner).not_to_contain_text("kept")
        expect(page.get_by_role("status").get_by_role("button", name="Redo")).to_be_visible()

        dinner.get_by_role("link", name="Swap").click()
        offer = page.locator(".offers .meal").first
        chosen = offer.locator(".meal-title").inner_text()
        offer.get_by_role("button", name="Choose this").click()
        expect(dinner.locator(".meal-title")).to_have_text(chosen)
        if view.get("java_script_enabled", True):
            expect(dinner).to_be_in_viewport()
        page.get_by_role("status").get_by_role("button", name="Undo").click()
        expect(dinner.locator(".meal-title")).to_have_text(planned)

        page.get_by_role("link", name="What you changed").click()
        expect(page.locator(".history li")).to_have_count(4)


def below(notice: Any, days: Any) -> bool:
    """Return whether the notice stands below the days, or there are none to choose from."""
    choice = days.bounding_box()
    return choice is None or notice.locator(".notice").bounding_box()["y"] >= choice["y"] + choice["height"]


@VIEWS
def test_a_meal_is_noted_and_skipped(browser: Any, installation: Installation, view: dict[str, Any]) -> None:
    """From the menu of a meal, which works without a script."""
    with at_home(browser, installation, view) as page:
        lunch = page.locator(".day.shown .meal").nth(1)
        lunch.locator("summary").click()
        lunch.get_by_role("link", name="Note").click()
        page.get_by_role("textbox", name="Note").fill("with Anna")
        page.get_by_role("button", name="Save the note").click()
        expect(lunch).to_contain_text("with Anna")
        lunch.locator("summary").click()
        lunch.get_by_role("link", name="Eating out").click()
        page.get_by_label("Keep them for what I eat instead").check()
        page.get_by_role("button", name="Skip this meal").click()
        expect(lunch.locator(".facts")).to_contain_text("Eating out")
        lunch.get_by_role("button", name="Plan it again").click()
        expect(lunch.locator(".facts")).not_to_contain_text("Eating out")


@VIEWS
def test_what_was_eaten_is_ticked_on_the_page_of_today(
    browser: Any, installation: Installation, view: dict[str, Any]
) -> None:
    """And the page of today is shown again afterwards."""
    with at_home(browser, installation, view) as page:
        page.get_by_role("link", name="Today").click()
        page.wait_for_url(f"{installation.address}/")
        tick = page.get_by_role("button", name="Eaten").last
        name = tick.get_attribute("aria-label") or ""
        tick.click()
        expect(page.locator(".notice", has_text="is eaten")).to_be_visible()
        expect(page).to_have_url(f"{installation.address}/")
        if name:
            expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        page.get_by_role("status").get_by_role("button", name="Undo").click()
        expect(page.locator(".notice", has_text="Undone")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_that_change_a_week_are_accessible(browser: Any, installation: Installation, scheme: str) -> None:
    view = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with at_home(browser, installation, view) as page:
        meal = page.locator(".day.shown .meal").last
        swap = meal.get_by_role("link", name="Swap").get_attribute("href")
        meal.get_by_role("button", name="Keep").click()
        expect(meal).to_contain_text("kept")
        page.wait_for_load_state()
        for path in (page.url, swap, swap.removesuffix("/alternatives"), f"{swap}?q=tofu", "/"):
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

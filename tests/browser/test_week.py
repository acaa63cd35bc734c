"""The week as people look at it, on a phone and on a desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.pages import ask_for_a_week, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
TOPS = """[...document.querySelectorAll(".day")].map(
    (day) => [...day.querySelectorAll(".meal")].map((meal) => meal.getBoundingClientRect().top))"""
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])


@pytest.fixture(scope="module")
def week(browser: Any, installation: Installation) -> dict[str, Any]:
    """Make a week once; return its address and the profile of the person it belongs to."""
    with page_of(browser, installation) as page:
        sign_up(page)
        ask_for_a_week(page)
        menu = page.evaluate("fetch(location, {headers: {Accept: 'application/json'}}).then(answer => answer.json())")
        return {"address": page.url, "menu": menu, "profile": page.context.storage_state()}


@contextmanager
def opened(browser: Any, installation: Installation, week: dict[str, Any], **view: Any) -> Iterator[Any]:
    """Open the week in a new window of the same person."""
    with page_of(browser, installation, storage_state=week["profile"], **view) as page:
        page.goto(week["address"])
        yield page


def bottom(element: Any) -> float:
    """Return how far down a page an element ends, in pixels."""
    box = element.bounding_box()
    return float(box["y"] + box["height"])


@SCRIPTS
def test_a_phone_shows_one_day_at_a_time(
    browser: Any, installation: Installation, week: dict[str, Any], script: bool
) -> None:
    """The first dish stands within the first screen and the day within two; the days are tabs."""
    with opened(browser, installation, week, java_script_enabled=script, **PHONE) as page:
        screen = page.viewport_size["height"]
        days = page.locator(".day")
        expect(days.filter(visible=True)).to_have_count(1)
        first, last = days.first.locator(".meal").first, days.first.locator(".meal").last
        dock = page.get_by_role("navigation", name="Main").bounding_box()["height"]
        assert bottom(first) < screen - dock
        assert bottom(last) < 2 * (screen - dock)
        page.get_by_role("navigation", name="Days").get_by_role("link").nth(3).click()
        expect(days.nth(3)).to_be_visible()
        expect(days.filter(visible=True)).to_have_count(1)
        if script:
            expect(page.locator(".days [aria-current]")).to_have_count(1)


def test_a_swipe_turns_to_the_next_day(browser: Any, installation: Installation, week: dict[str, Any]) -> None:
    with opened(browser, installation, week, **PHONE) as page:
        swipe = """([from, to]) => ["touchstart", "touchend"].forEach((type, index) => {
            const touch = new Touch({identifier: 1, target: plan, clientX: [from, to][index], clientY: 500});
            const touches = index ? [] : [touch];
            plan.dispatchEvent(new TouchEvent(type, {bubbles: true, touches, changedTouches: [touch]}));
        })"""
        page.evaluate(swipe, [300, 100])
        expect(page.locator(".day").nth(1)).to_be_visible()
        page.evaluate(swipe, [100, 300])
        expect(page.locator(".day").first).to_be_visible()


@SCRIPTS
def test_a_desktop_shows_the_week_by_names(
    browser: Any, installation: Installation, week: dict[str, Any], script: bool
) -> None:
    """Each meal of a kind in one row, its state in one line, and the figures one click away."""
    with opened(browser, installation, week, java_script_enabled=script, **DESKTOP) as page:
        expect(page.locator(".meal").filter(visible=True)).to_have_count(28)
        tops = page.evaluate(TOPS)
        assert [len(row) for row in tops] == [4] * 7
        assert all(row == tops[0] for row in tops)
        for day in week["menu"]["days"]:
            for meal in day["meals"]:
                expect(page.locator(f"#day-{day['date']}")).to_contain_text(meal["recipe"]["title"])
        expect(page.get_by_role("button", name="Print")).to_have_count(1 if script else 0)
        page.get_by_role("link", name="Numbers", exact=True).click()
        expect(page.get_by_role("heading", name="At a glance")).to_be_visible()


@pytest.mark.parametrize("view", [NARROW, PHONE, DESKTOP], ids=["320", "390", "1280"])
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_has_to_be_scrolled_sideways(
    browser: Any, installation: Installation, week: dict[str, Any], view: dict[str, Any], percent: int
) -> None:
    """Nor with text of twice the size on screens that show a page at its usual size."""
    if view is NARROW and percent == 200:
        pytest.skip("640 pixels of text in 320")
    with opened(browser, installation, week, **view) as page:
        for path in (week["address"], f"{week['address']}/numbers", "/", "/menu/", "/preferences", "/auth/account"):
            page.goto(path)
            page.evaluate("percent => { document.documentElement.style.fontSize = percent + '%' }", percent)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_are_accessible(
    browser: Any, installation: Installation, week: dict[str, Any], view: dict[str, Any], scheme: str
) -> None:
    """By the rules of axe for WCAG 2.2 AA and good practice."""
    with opened(browser, installation, week, color_scheme=scheme, **view) as page:
        for path in (week["address"], f"{week['address']}/numbers", "/", "/menu/"):
            page.goto(path)
            assert violations(page) == [], path


def test_a_thumb_hits_every_target(browser: Any, installation: Installation, week: dict[str, Any]) -> None:
    """44 pixels in both directions, except for links within a sentence."""
    small = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden])")].filter(element => {
        const {width, height} = element.getBoundingClientRect();
        return width > 1 && Math.min(width, height) < 43.5 && getComputedStyle(element).display !== "inline";
    }).map(element => element.outerHTML)"""
    with opened(browser, installation, week, **PHONE) as page:
        for path in (week["address"], f"{week['address']}/numbers", "/", "/menu/"):
            page.goto(path)
            assert page.evaluate(small) == [], path


def test_a_week_is_printed_on_one_sheet(browser: Any, installation: Installation, week: dict[str, Any]) -> None:
    """With every dish, and nothing that can only be clicked."""
    with opened(browser, installation, week, **PHONE) as page:
        sheet = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", sheet)) == 1
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 1050, "height": 720})
        expect(page.locator(".meal").filter(visible=True)).to_have_count(28)
        for name in ("Main", "Days"):
            expect(page.get_by_role("navigation", name=name)).to_have_count(0)
        expect(page.get_by_role("button")).to_have_count(0)

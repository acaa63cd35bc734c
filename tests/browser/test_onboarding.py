"""From an empty account to the first menu, as a new person goes there on a phone and at a desk, in their own time."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.browser.pages import live_somewhere, page_of, sign_up
from tests.installation import Installation
from tests.waiting import eventually

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = [pytest.mark.process, pytest.mark.browser]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
WAYS = pytest.mark.parametrize(
    ("viewport", "script"),
    [(PHONE, True), (PHONE, False), (DESK, True)],
    ids=["phone", "phone without JavaScript", "desk"],
)
PLACES = [
    ("America/New_York", "en-US", ("imperial", "12h", "month-first")),
    ("Pacific/Auckland", "en-NZ", ("metric", "12h", "day-first")),
]


def answer(page: Any, path: str) -> dict[str, Any]:
    """Return what programs get at `path`, with the cookie of the page."""
    found: dict[str, Any] = page.request.get(path, headers={"Accept": "application/json"}).json()
    return found


def finished(page: Any) -> dict[str, Any]:
    """Return the menu that the page shows or waits for, once it is ready."""
    page.wait_for_url("**/menu/*-*")
    path = page.url.partition("#")[0]
    return eventually(lambda: (found := answer(page, path))["status"] == "ready" and found, "the menu")  # type: ignore[return-value]


def counting(page: Any) -> tuple[Callable[..., None], list[str]]:
    """Return a function that clicks a button or a link by its name, and the list of what it clicked."""
    clicked: list[str] = []

    def click(role: str, name: str) -> None:
        page.get_by_role(role, name=name, exact=True).click()
        clicked.append(name)

    return click, clicked


@WAYS
def test_four_clicks_lead_from_the_landing_page_to_a_safe_week(
    browser: Any, installation: Installation, viewport: dict[str, int], script: bool
) -> None:
    with page_of(browser, installation, viewport=viewport, java_script_enabled=script) as page:
        click, clicked = counting(page)
        page.goto("/")
        page.get_by_role("link", name="Create an account").first.click()
        page.get_by_label("E-mail").fill(f"four-{script}-{viewport['width']}@example.org")
        page.get_by_label("Password").fill("correct horse battery")
        live_somewhere(page)
        click("button", "Create account")
        page.get_by_label("Peanuts").check()
        page.get_by_label("Vegan").check()
        click("button", "Skip the rest and make my week")
        menu = finished(page)
        assert len(clicked) + 1 <= 4
        assert len(menu["days"]) == 7
        kept = answer(page, "/preferences")
        assert (kept["diet_type"], kept["dietary_restrictions"]) == ("vegan", ["peanuts"])


@WAYS
def test_three_steps_end_in_a_week(
    browser: Any, installation: Installation, viewport: dict[str, int], script: bool
) -> None:
    """What was typed stays on the way back, and calories are found without being known."""
    with page_of(browser, installation, viewport=viewport, java_script_enabled=script) as page:
        click, _ = counting(page)
        sign_up(page)
        page.get_by_label("Vegetarian").check()
        page.get_by_label("Anything you don't like?").fill("olives")
        click("button", "Continue")
        page.get_by_text("Help me find them").click()
        page.get_by_label("Female").check()
        for label, value in (("Age", "30"), ("Height", "168 cm"), ("Weight", "65 kg")):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("Mostly sitting").check()
        click("button", "Work it out")
        expect(page.get_by_text("About 1,950 kcal a day would suit you.")).to_be_visible()
        click("button", "High protein")
        expect(page.locator("[name=macro_protein]")).to_have_value("30")
        expect(page.locator("[name=calorie_goal]")).to_have_value("1950")
        click("button", "Back")
        expect(page.get_by_label("Vegetarian")).to_be_checked()
        click("button", "Continue")
        expect(page.locator("[name=calorie_goal]")).to_have_value("1950")
        click("button", "Continue")
        page.get_by_label("People at the table").fill("2")
        page.get_by_label("Tomorrow").check()
        click("button", "Make my week")
        menu = finished(page)
        assert menu["targets"]["kcal"] == 1950
        assert "age" not in answer(page, "/preferences")


@pytest.mark.parametrize(("zone", "locale", "shown"), PLACES, ids=[zone for zone, _, _ in PLACES])
def test_a_new_account_lives_in_the_time_of_its_browser(
    browser: Any, installation: Installation, zone: str, locale: str, shown: tuple[str, str, str]
) -> None:
    """Its first menu begins on the day that it is there."""

    def today() -> str:
        return datetime.datetime.now(ZoneInfo(zone)).date().isoformat()

    with page_of(browser, installation, timezone_id=zone, locale=locale) as page:
        before = today()
        sign_up(page)
        account = answer(page, "/auth/account")
        assert (account["time_zone"], tuple(account[name] for name in ("units", "hours", "dates"))) == (zone, shown)
        page.get_by_role("button", name="Skip the rest and make my week").click()
        assert finished(page)["start_date"] in (before, today())


def test_without_a_script_they_are_chosen(browser: Any, installation: Installation) -> None:
    with page_of(browser, installation, java_script_enabled=False, locale="en-US") as page:
        page.goto("/auth/register")
        page.get_by_label("E-mail").fill("chosen@example.org")
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_label("Time zone", exact=True).select_option("America/Chicago")
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/preferences/food")
        account = answer(page, "/auth/account")
        assert [account[name] for name in ("time_zone", "units", "hours", "dates")] == [
            "America/Chicago", "imperial", "12h", "month-first",
        ]  # fmt: skip


def test_an_account_can_take_over_what_the_browser_says(browser: Any, installation: Installation) -> None:
    """Only where the two differ, and with one click."""
    with page_of(browser, installation, timezone_id="Pacific/Auckland", locale="en-NZ") as page:
        sign_up(page)
        page.goto("/auth/account")
        offer = page.get_by_text("Your browser says")
        expect(offer).to_be_hidden()
        page.get_by_label("Time zone", exact=True).select_option("Europe/Paris")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(offer).to_have_text("Your browser says Auckland time, grams, a 12-hour clock, dates like 28 November.")
        page.get_by_role("button", name="Use that").click()
        expect(page.get_by_text("Your settings are saved.")).to_be_visible()
        expect(offer).to_be_hidden()
        assert answer(page, "/auth/account")["time_zone"] == "Pacific/Auckland"


def test_saved_preferences_lead_to_the_next_week(browser: Any, installation: Installation) -> None:
    with page_of(browser, installation) as page:
        sign_up(page)
        page.goto("/preferences")
        page.get_by_role("button", name="Save preferences").click()
        expect(page.get_by_text("Existing ones won't change.").first).to_be_visible()
        page.get_by_role("button", name="Make next week").click()
        assert len(finished(page)["days"]) == 7


def test_the_steps_fit_the_smallest_phone(browser: Any, installation: Installation) -> None:
    """320 pixels wide, and with text twice as large."""
    with page_of(browser, installation, viewport={"width": 320, "height": 640}) as page:
        sign_up(page)
        for path, size in itertools.product(("food", "numbers", "kitchen"), ("100%", "200%")):
            page.goto(f"/preferences/{path}")
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            wide = page.evaluate(
                "[...document.querySelectorAll('main *')]"
                ".filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
                ".map(one => one.outerHTML.slice(0, 80))"
            )
            assert wide == [], (path, size)

"""Asking again for days that are planned, balancing a week, and eating it again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ask_for_a_week, page_of, sign_up
from tests.installation import Installation
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.process, pytest.mark.browser]

WAIT = PATIENCE * 1000
MENU = re.compile(r"/menu/[0-9a-f-]{36}$")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_planned_week_is_replaced_balanced_and_eaten_again(
    browser: Any, installation: Installation, script: bool
) -> None:
    phone = {"width": 390, "height": 844}
    with page_of(browser, installation, forgiven="status of 409", viewport=phone, java_script_enabled=script) as page:
        sign_up(page)
        ask_for_a_week(page)
        first = page.url.split("#")[0]
        third = page.locator(".day").nth(2).get_attribute("id").removeprefix("day-")
        page.goto(re.sub(r"[^/]+$", "", first))
        page.get_by_label("First day").fill(third)
        page.get_by_role("button", name="Make this menu").click()
        expect(page.get_by_text("You already have meals for")).to_be_visible()
        expect(page.get_by_label("First day")).to_have_value(third)
        page.get_by_label(re.compile("Replace them")).check()
        page.get_by_role("button", name="Make this menu").click()
        expect(page.locator(".plan")).to_be_visible(timeout=WAIT)
        page.goto(f"{first}#day-{third}")
        page.get_by_role("link", name="See the menu that counts").first.click()
        expect(page).not_to_have_url(re.compile(first))
        meal = (
            page.get_by_role("link", name=re.compile("^Swap ")).last.get_attribute("href").removesuffix("/alternatives")
        )
        page.goto(meal)
        page.get_by_label("Portion of each person").fill("4")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("link", name="Balance the days to come").click()
        expect(page.get_by_text("May change").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Balance ")).click()
        expect(page.get_by_text("Your menu is balanced again.")).to_be_visible(timeout=WAIT)
        page.get_by_role("button", name="Eat this week again").click()
        expect(page).to_have_url(MENU)
        expect(page.locator(".plan")).to_be_visible()

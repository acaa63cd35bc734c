"""What people do in a browser, step by step."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.conftest import playwright
from tests.installation import Installation
from tests.waiting import PATIENCE


@contextmanager
def page_of(browser: Any, installation: Installation, forgiven: str = "status of 422", **options: Any) -> Iterator[Any]:
    """Open a page in a fresh profile. Errors in the console fail the test, except those that say `forgiven`."""
    context = browser.new_context(base_url=installation.address, **options)
    context.set_default_timeout(PATIENCE * 1000)  # milliseconds
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert [complaint for complaint in complaints if forgiven not in complaint] == []


def sign_up(page: Any) -> None:
    """Go from the landing page to the first step."""
    page.goto("/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill(f"{uuid.uuid4().hex}@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    live_somewhere(page)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/preferences/food")


def live_somewhere(page: Any) -> None:
    """Choose a time zone for a new account, where no script has filled in the browser's."""
    page.wait_for_url("**/auth/register")
    zone = page.locator("[name=time_zone]")
    if not zone.input_value():
        zone.select_option("Europe/London")


def eat_vegan(page: Any) -> None:
    """Enter 1,800 kcal, of which 20 % protein, 55 % carbohydrate and 25 % fat."""
    page.goto("/preferences")
    page.get_by_label("Vegan").check()
    page.locator("[name=calorie_goal]").fill("1800")
    for name, percent in (("protein", "20"), ("carbs", "55"), ("fat", "25")):
        page.locator(f"[name=macro_{name}]").fill(percent)
    page.get_by_role("button", name="Save preferences").click()
    page.get_by_text("Your preferences are saved.").wait_for()


def ask_for_a_week(page: Any, start: datetime.date | None = None) -> None:
    """Go from the preferences to a finished menu, past its progress; it begins today or on `start`."""
    page.get_by_role("link", name="Menus").click()
    if start is not None:
        page.locator("[name=start_date]").fill(start.isoformat())
    page.locator("[name=days]").fill("7")
    page.get_by_role("button", name="Make this menu").click()
    await_menu(page)


def await_menu(page: Any) -> None:
    """Wait until the whole page of a finished menu is there: a browser shows the beginning of a page before its end."""
    page.locator("#plan").wait_for()
    page.wait_for_load_state()


def cook_to_the_end(page: Any) -> None:
    """Go from the first step of the cook view past the last."""
    step = page.locator(".cook-step:not([hidden])")
    heading = step.get_by_role("heading", level=2)
    playwright.expect(heading).to_have_text(re.compile("^Step 1 of [0-9]+$"))
    last = int(heading.inner_text().split()[-1])
    for number in range(2, last + 1):
        step.get_by_role("link", name="Next").click()
        playwright.expect(heading).to_have_text(f"Step {number} of {last}")
    step.get_by_role("link", name="Finish").click()
    playwright.expect(heading).to_have_text("That's it. Enjoy your meal!")


KEPT = """async (least) => {
  let count = 0;
  for (const name of await caches.keys())
    if (name.includes(" of ")) count += (await (await caches.open(name)).keys()).length;
  return count >= least;
}"""


VIEWS = pytest.mark.parametrize(
    "view",
    [
        {"viewport": {"width": 390, "height": 844}, "has_touch": True},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "java_script_enabled": False},
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
    ],
    ids=["phone", "phone without JavaScript", "desktop", "desktop without JavaScript"],
)

"""The main path as people take it: sign up, say how they eat, get a week's menu."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from mealplanner.food.catalogue import load_catalogue
from mealplanner.planner.restrictions import Verdict, suits
from tests.browser.pages import ask_for_a_week, eat_vegan, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]


def test_a_person_gets_a_vegan_week_on_target(browser: Any, installation: Installation) -> None:
    """Seven days, each within 5 % of all four targets, drawn, and without animal food."""
    with page_of(browser, installation, viewport={"width": 1200, "height": 900}) as page:
        sign_up(page)
        eat_vegan(page)
        ask_for_a_week(page)
        menu = page.evaluate("fetch(location, {headers: {Accept: 'application/json'}}).then(answer => answer.json())")
        assert len(menu["days"]) == 7
        for day in menu["days"]:
            for nutrient, target in menu["targets"].items():
                assert day["totals"][nutrient] == pytest.approx(target, rel=0.05)
        foods = load_catalogue().foods
        eaten = {line["food"] for day in menu["days"] for meal in day["meals"] for line in meal["ingredients"]}
        assert {suits(foods[food], "vegan") for food in eaten} == {Verdict.YES}
        shown = page.locator("main").inner_text()
        for day in menu["days"]:
            kcal = day["totals"]["kcal"]  # to a tenth, and the page rounds what it was before that
            assert f"{kcal - 0.05:,.0f}" in shown or f"{kcal + 0.05:,.0f}" in shown
            for meal in day["meals"]:
                assert meal["recipe"]["title"] in shown
        assert "On target all week." in shown


def test_from_the_menu_to_the_kitchen_and_back(browser: Any, installation: Installation) -> None:
    """A recipe for other servings, deleting the menu, signing out."""
    with page_of(browser, installation) as page:
        sign_up(page)
        ask_for_a_week(page)
        menu = page.url
        page.locator("main a[href*='/recipes/']").first.click()
        page.get_by_label("Servings", exact=True).fill("3")
        page.get_by_role("button", name="Update").click()
        page.wait_for_url(re.compile(r"servings=3(\.0)?$"))
        assert page.locator("main ol li").count() >= 2
        page.goto(menu)
        page.get_by_text("Delete", exact=False).first.click()
        page.get_by_role("button", name=re.compile("delete", re.IGNORECASE)).last.click()
        page.wait_for_url("**/menu/")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in").first.wait_for()
        page.goto(menu)
        page.wait_for_url("**/auth/login**")


def test_it_works_without_javascript(browser: Any, installation: Installation) -> None:
    """The progress page refreshes by itself, and everything else is forms and links."""
    with page_of(browser, installation, java_script_enabled=False) as page:
        sign_up(page)
        eat_vegan(page)
        ask_for_a_week(page)
        expect(page.locator("#plan .meal")).to_have_count(28)
        expect(page.get_by_role("button", name="Print")).to_have_count(0)  # it needs a script


def test_wrong_macros_come_back_as_typed(browser: Any, installation: Installation) -> None:
    """With a message at the field, and the focus where the mistake can be corrected."""
    with page_of(browser, installation, java_script_enabled=False) as page:
        sign_up(page)
        page.goto("/preferences")
        page.locator("[name=macro_fat]").fill("60")
        page.locator("[name=disliked_ingredients]").fill("olives")
        page.get_by_role("button", name="Save preferences").click()
        page.get_by_text("must add up to 100 percent; these add up to 130").first.wait_for()
        expect(page.locator("[name=macro_fat]")).to_have_value("60")
        expect(page.locator("[name=disliked_ingredients]")).to_have_value("olives")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(browser: Any, installation: Installation, scheme: str) -> None:
    """360 pixels wide, in light and dark, nothing has to be scrolled sideways."""
    with page_of(browser, installation, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        sign_up(page)
        ask_for_a_week(page)
        for path in ("/", "/menu/", "/preferences", page.url, "/auth/login"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_keyboard_is_enough(browser: Any, installation: Installation) -> None:
    """The first tab stop skips to the content, and every stop is visible."""
    with page_of(browser, installation) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Skip to the content"
        for _ in range(8):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or page.evaluate("document.activeElement === document.body")

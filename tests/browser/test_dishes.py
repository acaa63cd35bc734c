"""Dishes as people find, read and cook them, on a phone and on a desk, with and without JavaScript."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mealplanner.food.catalogue import load_catalogue, recipe_id
from tests.browser.accessibility import violations
from tests.browser.conftest import playwright
from tests.browser.pages import ask_for_a_week, cook_to_the_end, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
SOFRITAS = next(recipe for recipe in load_catalogue().recipes if recipe.slug == "tofu-sofritas-bowl")
ADDRESS = f"/recipes/{recipe_id(SOFRITAS)}"
AWAKE = """
    window.awake = [];
    Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => awake.push(kind) } });
"""
PRESSED = "a.button, button:not(.timer-start), summary, select, input:not([type=hidden], [type=checkbox])"
LONGEST = max(load_catalogue().recipes, key=lambda one: len(one.ingredients) * 80 + sum(map(len, one.steps)))


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def screen(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options of a page on a phone or a desk."""
    options: dict[str, Any] = request.param
    return options


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(
    request: pytest.FixtureRequest, browser: Any, installation: Installation, screen: dict[str, Any]
) -> Iterator[Any]:
    """Return a page of a new person."""
    with page_of(browser, installation, java_script_enabled=request.param, **screen) as opened:
        sign_up(opened)
        yield opened


@pytest.fixture
def scripted(browser: Any, installation: Installation, screen: dict[str, Any]) -> Iterator[Any]:
    """Return a page of a new person, with JavaScript."""
    with page_of(browser, installation, **screen) as opened:
        sign_up(opened)
        yield opened


def shown(page: Any) -> Any:
    """Return the step of the cook view that is shown."""
    return page.locator(".cook-step:not([hidden])")


def fits(page: Any) -> bool:
    """Whether nothing has to be scrolled sideways."""
    found: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return found


def test_a_dish_is_found_liked_and_found_again(page: Any) -> None:
    """By its name, through the main navigation, and then among the favourites."""
    expect = playwright.expect
    page.goto("/")
    page.get_by_role("link", name="Dishes").click()
    page.get_by_label("Name or ingredient").fill("sofritas")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status").filter(has_text="1 dish")).to_be_visible()
    page.get_by_role("button", name=f"Favourite: {SOFRITAS.title}").click()
    expect(page.get_by_role("button", name=f"Favourite: {SOFRITAS.title}")).to_have_attribute("aria-pressed", "true")
    page.goto("/recipes/catalogue?favourites=yes")
    page.get_by_role("link", name=SOFRITAS.title).click()
    expect(page.get_by_role("heading", name=SOFRITAS.title)).to_be_visible()
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "false")
    page.goto("/recipes/catalogue?favourites=yes")
    expect(page.get_by_text("No favourites yet.")).to_be_visible()


def test_servings_are_stepped_and_typed(page: Any) -> None:
    """The ingredients follow, and so does the way to the kitchen."""
    expect = playwright.expect
    page.goto(ADDRESS)
    page.get_by_role("link", name="More: 1.25").click()
    expect(page.get_by_label("Servings", exact=True)).to_have_value("1.25")
    page.get_by_label("Servings", exact=True).fill("4")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("8 cloves of garlic")).to_be_visible()
    page.get_by_role("link", name="Cook").click()
    expect(page.get_by_text("8 cloves of garlic").first).to_be_visible()


def test_a_dish_is_cooked_step_by_step(page: Any) -> None:
    """From the menu to the kitchen, to the last step and back to the day."""
    expect = playwright.expect
    page.goto("/")
    ask_for_a_week(page)
    page.locator(".day.shown .meal-title a, .day .meal-title a").first.click()
    back = page.locator(".way-back a")
    expect(back).to_have_text(re.compile(r"day (breakfast|lunch|dinner|snack)$"))
    page.get_by_role("link", name="Cook").click()
    expect(shown(page).get_by_role("heading", level=2)).to_have_text("Get ready")
    page.get_by_role("link", name="Start").click()
    expect(shown(page).get_by_role("heading", level=2)).to_have_text(re.compile("Step 1 of"))
    size = shown(page).locator(".cook-text").evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 24
    assert fits(page)
    cook_to_the_end(page)
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(re.compile(r"/menu/[0-9a-f-]+#day-"))
    cooked = "fetch(location.pathname, {headers: {Accept: 'application/json'}}).then(answer => answer.json())"
    menu = page.evaluate(cooked)
    assert [meal["cooked"] for day in menu["days"] for meal in day["meals"]].count(True) == 1


def test_a_dish_is_put_on_a_day(page: Any) -> None:
    """In place of another, from its recipe to the week that shows it."""
    expect = playwright.expect
    page.goto("/")
    ask_for_a_week(page)
    page.goto(ADDRESS)
    page.get_by_role("link", name="Put it on a day").click()
    page.get_by_role("button", name=re.compile("^Dinner in place of")).last.click()
    page.wait_for_url(re.compile(r"/menu/[0-9a-f-]+#day-"))
    expect(page.get_by_role("link", name=SOFRITAS.title, exact=True)).to_be_visible()


def test_a_keyboard_suffices_and_timers_outlive_the_step(scripted: Any) -> None:
    """And a reload; the screen stays on."""
    page, expect = scripted, playwright.expect
    page.add_init_script(AWAKE)
    page.goto(f"{ADDRESS}/cook")
    assert page.evaluate("awake") == ["screen"]
    for _ in range(3):
        page.keyboard.press("Space")
    expect(shown(page).get_by_role("heading", level=2)).to_have_text("Step 3 of 5")
    page.get_by_role("button", name="Start a timer: Simmer, 8 minutes").click()
    page.keyboard.press("ArrowRight")
    expect(shown(page).get_by_role("heading", level=2)).to_have_text("Step 4 of 5")
    tray = page.get_by_role("region", name="Timers")
    expect(tray.get_by_role("timer")).to_have_text(re.compile(r"^(8:00|[0-7]:[0-5]\d)$"))
    page.reload()
    expect(shown(page).get_by_role("heading", level=2)).to_have_text("Step 4 of 5")
    expect(tray.get_by_text("Simmer")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(shown(page).get_by_role("heading", level=2)).to_have_text("Step 3 of 5")
    tray.get_by_role("button", name="Simmer: stop").click()
    expect(tray).to_be_hidden()


def test_a_timer_rings(browser: Any, installation: Installation) -> None:
    """In words, where it stands and in the title, for a screen that is somewhere else."""
    expect = playwright.expect
    with page_of(browser, installation, **DESK) as page:
        sign_up(page)
        page.clock.install(time=0)
        page.goto(f"{ADDRESS}/cook?step=3")
        page.clock.pause_at(datetime.timedelta(days=1).total_seconds())
        page.get_by_role("button", name="Start a timer: Fry, 4 minutes").click()
        page.clock.run_for(239_000)
        expect(page.get_by_role("timer")).to_have_text("0:01")
        page.clock.run_for(2_000)
        expect(page.get_by_role("timer")).to_have_text("Time's up")
        expect(page).to_have_title("Time's up: Fry")
        page.get_by_role("button", name="Fry: stop").click()
        expect(page).to_have_title(re.compile("^Cook"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_dishes_fit_every_screen(browser: Any, installation: Installation, scheme: str, width: int) -> None:
    """The longest of them too, in large text as well; nothing to press is smaller than a fingertip, and axe agrees."""
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with page_of(browser, installation, **options) as page:
        sign_up(page)
        longest = f"/recipes/{recipe_id(LONGEST)}"
        for path in ("/recipes/catalogue?q=bacon", "/recipes/", longest, f"{longest}/cook", f"{longest}/cook?step=2"):
            page.goto(path)
            assert fits(page), path
            assert violations(page) == [], path
            small = page.locator("main").locator(PRESSED)
            for box in small.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"):
                assert box["height"] == 0 or box["height"] >= 43.5 or box["height"] < 3, (path, box)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert fits(page), f"{path} in large text"


def test_a_recipe_is_printed_on_one_page(browser: Any, installation: Installation) -> None:
    """The longest of them, and nothing but food."""
    with page_of(browser, installation, **DESK) as page:
        sign_up(page)
        page.goto(f"/recipes/{recipe_id(LONGEST)}")
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        page.emulate_media(media="print")
        shown_text = page.locator("body").inner_text()
        assert LONGEST.title in shown_text
        assert not {"Cook", "Favourite", "Never again", "Take it with you"} & set(shown_text.splitlines())
        for word in ("Servings", "mealplanner", "kcal"):
            assert word not in shown_text

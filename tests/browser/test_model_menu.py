"""A menu with dishes from a model, on an installation that has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.pages import ask_for_a_week, page_of, sign_up
from tests.fake_model import content
from tests.fake_model.server import FakeModel
from tests.installation import Installation, data_directory

pytestmark = [pytest.mark.process, pytest.mark.browser]


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Run `mealplanner up` with a model."""
    with data_directory() as data, FakeModel(answer=content.answer) as fake:
        running = Installation(data, OPENAI_BASE_URL=fake.url, OPENAI_MODEL="any").await_ready()
        yield running
        running.stop()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_week_with_dishes_of_the_model_and_what_was_sent(
    browser: Any, installation: Installation, javascript: bool
) -> None:
    """They are marked, lead to recipes that can be rated, and every word that was sent can be read."""
    with page_of(browser, installation, java_script_enabled=javascript) as page:
        sign_up(page)
        ask_for_a_week(page)
        assert page.get_by_text("written by the model", exact=True).count() >= 5
        page.get_by_role("link", name="What was sent").click()
        page.locator("main", has_text="You write recipes").wait_for()
        page.go_back()
        dish = page.locator(".meal", has_text="written by the model").first.get_by_role("link").first
        title = dish.inner_text()
        dish.click()
        page.get_by_role("heading", name=title).wait_for()
        page.get_by_role("button", name="Favourite").click()
        page.get_by_role("button", name="Favourite", pressed=True).wait_for()
        page.get_by_role("heading", name=title).wait_for()


def test_the_pages_of_the_model_fit_a_phone(browser: Any, installation: Installation) -> None:
    """However long the words are that were sent."""
    with page_of(browser, installation, viewport={"width": 360, "height": 740}, color_scheme="dark") as page:
        sign_up(page)
        ask_for_a_week(page)
        page.get_by_role("link", name="What was sent").click()
        page.locator("main", has_text="You write recipes").wait_for()
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

"""Nothing on a page moves while it loads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.pages import ask_for_a_week, page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]

WATCH = """
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries().filter((entry) => entry.value > 0.01))
      window.moved.push(...entry.sources.map((source) => source.node?.outerHTML?.slice(0, 120) ?? "text"));
  }).observe({ type: "layout-shift", buffered: true });
"""
LOADED = "() => document.fonts.ready.then(() => new Promise((done) => setTimeout(() => done(window.moved), 100)))"


@pytest.mark.parametrize("screen", [(390, 844), (1280, 800)], ids=["phone", "desktop"])
def test_nothing_moves_while_a_page_loads(browser: Any, installation: Installation, screen: tuple[int, int]) -> None:
    """As the browser itself reports it; a shift that counts for less than 0.01, like a word in a line, is left out."""
    width, height = screen
    with page_of(browser, installation, viewport={"width": width, "height": height}) as page:
        sign_up(page)
        page.goto("/preferences")
        ask_for_a_week(page)
        menu = page.url
        dish = page.locator("#plan h3 a").first.get_attribute("href")
        page.add_init_script(WATCH)
        moved = {}
        for address in (menu, dish, "/", "/menu/", "/preferences", "/recipes/", "/auth/account"):
            page.goto(address, wait_until="load")
            moved[address] = page.evaluate(LOADED)
        assert {address: what for address, what in moved.items() if what} == {}

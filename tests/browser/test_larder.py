"""The larder on a small phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.accessibility import violations
from tests.browser.pages import page_of, sign_up
from tests.installation import Installation

pytestmark = [pytest.mark.process, pytest.mark.browser]

playwright = pytest.importorskip("playwright.sync_api")

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "locale": "en-GB"}


@pytest.fixture(scope="module")
def phone(browser: Any, installation: Installation) -> Iterator[Any]:
    """Return a page on a small phone of a new person."""
    with page_of(browser, installation, **PHONE) as page:
        sign_up(page)
        yield page


def test_what_is_in_the_house_is_added_changed_and_removed(phone: Any) -> None:
    """A name of several foods is asked about, with everything else kept."""
    expect = playwright.expect
    phone.goto("/larder/")
    phone.get_by_label("What", exact=True).fill("chickpeas")
    phone.get_by_label("How much", exact=True).fill("2 tins")
    phone.get_by_role("button", name="Add").click()
    phone.get_by_label("Chickpeas, canned, drained").check()
    assert violations(phone) == []
    expect(phone.get_by_label("How much", exact=True)).to_have_value("2 tins")
    wide = phone.locator("main").evaluate("main => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    phone.get_by_role("button", name="Add").click()
    item = phone.get_by_role("listitem").filter(has_text="Chickpeas")
    expect(item).to_contain_text("2 tins (400 g each)")
    item.get_by_text("Change").click()
    assert violations(phone) == []
    item.get_by_label("How much is left").fill("1 tin")
    item.get_by_role("button", name="Save").click()
    expect(item).to_contain_text("1 tin (400 g)")
    item.get_by_role("button", name="Remove Chickpeas").click()
    expect(phone.get_by_text("Nothing is in it yet")).to_be_visible()

"""Linking an account to a provider in a real browser: there, and back by the page that sends itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.auth.oidc.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.browser.conftest import playwright
from tests.browser.pages import live_somewhere, page_of
from tests.installation import Installation, data_directory

pytestmark = [pytest.mark.process, pytest.mark.browser]

PASSWORD = "correct horse battery"
expect = playwright.expect


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """Run a provider in which a person is signed in already."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def installation(provider: Provider) -> Iterator[Installation]:
    """Run `mealplanner up` with that provider."""
    known = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "NAME": "Our house"}
    with data_directory() as data:
        settings = {f"MEALPLANNER_OIDC_{name}": value for name, value in known.items()}
        started = Installation(data, **settings).await_ready()
        yield started
        started.stop()


def test_an_account_is_linked_on_a_phone(browser: Any, installation: Installation) -> None:
    with page_of(browser, installation, viewport={"width": 390, "height": 800}) as page:
        page.goto("/auth/register")
        page.get_by_label("E-mail").fill(f"{uuid.uuid4().hex}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        live_somewhere(page)
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/preferences/food")
        page.goto("/auth/account/provider")
        page.get_by_role("button", name="Link Our house").click()
        page.get_by_role("link", name="Continue to Our house").click()
        expect(page.get_by_text("You can sign in with Our house from now on.")).to_be_visible()

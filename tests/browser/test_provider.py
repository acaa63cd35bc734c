"""Signing in through a provider in a real browser, from the account that is linked to the one that is unlinked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.auth.oidc.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.browser.accessibility import violations
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


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_provider_is_linked_used_and_unlinked(
    browser: Any, installation: Installation, provider: Provider, script: bool
) -> None:
    provider.subject = uuid.uuid4().hex

    def go_on(page: Any) -> None:
        if not script:
            page.get_by_role("button", name="Continue").click()

    with page_of(browser, installation, java_script_enabled=script) as page:
        page.goto("/auth/register")
        page.get_by_label("E-mail").fill(f"{uuid.uuid4().hex}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        live_somewhere(page)
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/preferences/food")
        page.goto("/auth/account")
        page.locator("a[href$='/auth/account/provider']").click()
        page.get_by_role("button", name="Link Our house").click()
        page.get_by_role("link", name="Continue to Our house").click()
        go_on(page)
        expect(page.get_by_text("You can sign in with Our house from now on.")).to_be_visible()
        expect(page.get_by_text("ann@example.org")).to_be_visible()
        if script:
            assert violations(page) == []
    narrow = {"width": 320, "height": 700}
    with page_of(browser, installation, "status of 40", java_script_enabled=script, viewport=narrow) as phone:
        phone.goto("/auth/account")
        phone.get_by_role("link", name="Sign in with Our house").click()
        go_on(phone)
        expect(phone.get_by_role("heading", name="Your account")).to_be_visible()
        phone.locator("a[href$='/auth/account/provider']").click()
        phone.get_by_role("button", name="Unlink").click()
        phone.get_by_label("Password").fill(PASSWORD)
        phone.get_by_role("main").get_by_role("button").click()
        phone.get_by_role("button", name="Unlink").click()
        expect(phone.get_by_text("You can't sign in with Our house any more.")).to_be_visible()
        phone.get_by_role("button", name="Sign out").click()
        phone.goto("/auth/login")
        if script:
            assert violations(phone) == []
        phone.get_by_role("link", name="Sign in with Our house").click()
        go_on(phone)
        expect(phone.get_by_text("No account here is linked to your account at Our house.")).to_be_visible()

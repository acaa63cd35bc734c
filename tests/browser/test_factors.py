"""Second factors as people use them: a passkey of a virtual device, and an authenticator app."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pyotp
import pytest

from tests.browser.accessibility import violations
from tests.browser.pages import live_somewhere, page_of
from tests.installation import Installation

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

pytestmark = [pytest.mark.process, pytest.mark.browser]

PASSWORD = "correct horse battery"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def named(installation: Installation) -> str:
    """Return the site's address with a name, which passkeys need."""
    return installation.address.replace("127.0.0.1", "localhost")


def device_of(page: Any) -> tuple[Any, str]:
    """Give the browser a device that keeps passkeys; return what steers it, and its id."""
    steering = page.context.new_cdp_session(page)
    steering.send("WebAuthn.enable")
    return steering, steering.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def registered(page: Any, site: str) -> str:
    """Create an account and return its address."""
    email = f"{uuid.uuid4().hex}@example.org"
    page.goto(f"{site}/auth/register")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    live_somewhere(page)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/preferences/food")
    return email


def sign_out(page: Any, site: str) -> None:
    """Leave, and open the page to sign in."""
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto(f"{site}/auth/login")


def test_a_passkey_is_added_and_signs_in_alone_and_after_the_password(browser: Any, installation: Installation) -> None:
    site = named(installation)
    with page_of(browser, installation) as page:
        steering, device = device_of(page)
        email = registered(page, site)
        page.goto(f"{site}/auth/account")
        page.locator("dl.rows > div", has_text="Second step").get_by_role("link", name="View").click()
        page.get_by_role("link", name="Add a passkey").click()
        assert violations(page) == []
        page.get_by_label("Name").fill("My phone")
        page.get_by_role("button", name="Add the passkey").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        expect(page.locator(".codes li")).to_have_count(10)
        assert violations(page) == []
        page.get_by_role("link", name="I've kept them").click()
        expect(page.get_by_text("My phone")).to_be_visible()
        assert violations(page) == []

        sign_out(page, site)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{site}/")
        expect(page.locator(".who")).to_have_text(email)

        sign_out(page, site)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{site}/")

        sign_out(page, site)
        steering.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert").filter(has_text="cancelled")).to_be_visible()
        steering.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
        steering.send("WebAuthn.clearCredentials", {"authenticatorId": device})
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert").filter(has_text="no passkey for this site")).to_be_visible()


def test_an_app_is_set_up_and_a_recovery_code_stands_in(browser: Any, installation: Installation) -> None:
    """Without JavaScript, on a small phone."""
    options = {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}}
    with page_of(browser, installation, **options) as page:
        site = installation.address
        email = registered(page, site)
        page.goto("/auth/account/factors")
        page.get_by_role("link", name="Set up an app").click()
        expect(page.get_by_role("img", name="QR code")).to_be_visible()
        page.get_by_text("Can't scan it?").click()
        secret = page.locator(".spelled").inner_text().replace(" ", "")
        page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Turn it on").click()
        expect(page.locator(".codes .spelled")).to_have_count(10)
        codes = page.locator(".codes .spelled").all_inner_texts()
        assert all(re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)

        sign_out(page, site)
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Code", exact=True).fill("000000")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("isn't the code that your app shows now").first).to_be_visible()
        page.get_by_label("Code", exact=True).fill(codes[0])
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"{site}/")
        page.goto("/auth/account/factors")
        expect(page.get_by_text("9 of 10 are left.")).to_be_visible()


def test_an_address_without_a_name_says_why_it_has_no_passkeys(browser: Any, installation: Installation) -> None:
    with page_of(browser, installation) as page:
        registered(page, installation.address)
        page.goto("/auth/account/passkeys/new")
        expect(page.get_by_text("Passkeys work only at an address with a name")).to_be_visible()

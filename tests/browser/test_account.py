"""An account as people use it, from the first mail to the deletion."""

from __future__ import annotations

import re
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from tests.browser.pages import live_somewhere, page_of
from tests.installation import Installation
from tests.waiting import eventually

pytestmark = [pytest.mark.process, pytest.mark.browser]

PASSWORD, NEW = "correct horse battery", "quite another secret"


def link(installation: Installation, kind: str, email: str) -> str:
    """Return the link in the mail of this kind, a file in the data directory as there is no mail server."""

    def found() -> list[EmailMessage]:
        files = (installation.data / "mail").glob(f"*-{kind}-*.eml")
        mails = [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default) for file in files]
        return [mail for mail in mails if mail["To"] == email]

    body = eventually(found, f"the mail “{kind}”")[0].get_body(("plain",))
    address = re.search(r"https?://\S+/auth/\S+", body.get_content())
    assert address is not None
    return address[0]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_an_account_from_its_first_mail_to_its_end(browser: Any, installation: Installation, script: bool) -> None:
    """Register, confirm, forget the password, choose another on a phone, and delete it all."""
    email = f"{uuid.uuid4().hex}@example.org"
    american = {"locale": "en-US", "timezone_id": "America/New_York"}
    with page_of(browser, installation, java_script_enabled=script, **american) as page:
        page.goto("/auth/register")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        live_somewhere(page)
        page.get_by_role("button", name="Create account").click()
        page.get_by_text(f"A link to confirm your address is on its way to {email}.").wait_for()
        page.goto("/auth/account")
        zone = page.get_by_label("Time zone", exact=True).input_value()
        assert zone == ("America/New_York" if script else "Europe/London")
        assert page.get_by_label("Ounces and pounds").is_checked()
        page.goto(link(installation, "verify", email))
        page.get_by_role("button", name="Confirm this address").click()
        page.get_by_text("Your e-mail address is confirmed.").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in").first.wait_for()
        page.goto("/auth/login")
        page.get_by_role("link", name="Forgot your password?").click()
        page.get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Send a link").click()
        page.get_by_text("If this address has an account").wait_for()
    with page_of(browser, installation, java_script_enabled=script, viewport={"width": 390, "height": 800}) as phone:
        phone.goto(link(installation, "reset", email))
        phone.get_by_label("New password").fill(NEW)
        phone.get_by_role("button", name="Change the password").click()
        phone.get_by_label("E-mail").fill(email)
        phone.get_by_label("Password").fill(NEW)
        phone.get_by_role("button", name="Sign in").click()
        phone.get_by_role("link", name="Account").click()
        phone.get_by_role("link", name="Delete", exact=True).click()
        phone.get_by_label("Your password").fill(NEW)
        phone.get_by_role("button", name="Delete everything").click()
        phone.get_by_role("alert").get_by_text("Tick this box to delete everything.").wait_for()
        phone.get_by_label("Your password").fill(NEW)
        phone.get_by_label("Yes, delete it all").check()
        phone.get_by_role("button", name="Delete everything").click()
        phone.get_by_text("Your account and everything in it is deleted.").wait_for()

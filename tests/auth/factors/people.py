"""People with an authenticator app."""

from __future__ import annotations

import datetime
import html
import re
from dataclasses import dataclass

import pyotp
from werkzeug.test import TestResponse

from tests.clock import Clock
from tests.visitor import PASSWORD, Visitor

SETUP = "/auth/account/factors/app"
SECOND = "/auth/second-step"


@dataclass
class Phone:
    """An authenticator app with the secret of an account."""

    secret: str
    clock: Clock

    def code(self, *, later: int = 0) -> str:
        """Return the code that it shows, so many periods later."""
        return pyotp.TOTP(self.secret).at(self.clock.now + later * datetime.timedelta(seconds=30))


def scanned(member: Visitor, clock: Clock) -> tuple[Phone, str]:
    """Open the page that sets up an app; return the phone that scanned it, and what the form carries."""
    page = member.get(SETUP)
    assert page.status_code == 200, page.location
    setup, secret = (
        re.search(pattern, page.text) for pattern in (r'name="setup" value="([^"]+)"', r'spelled">([^<]+)<')
    )
    assert setup is not None
    assert secret is not None
    return Phone(secret[1].replace(" ", ""), clock), html.unescape(setup[1])


def with_app(member: Visitor, clock: Clock) -> tuple[Phone, list[str]]:
    """Set up an app; return the phone and the recovery codes. The code that was shown then is used."""
    phone, setup = scanned(member, clock)
    answer = member.post(SETUP, {"setup": setup, "code": phone.code()})
    assert answer.status_code == 200, answer.text
    return phone, re.findall(r'spelled">([A-Z0-9-]{19})<', answer.text)


def asked(visitor: Visitor) -> Visitor:
    """Sign in elsewhere with the password, up to the second step."""
    browser = Visitor(visitor.app, visitor.email)
    answer = browser.sign_in(PASSWORD)
    assert answer.status_code == 200, answer.text
    assert "One more step" in answer.text
    return browser


def enter(browser: Visitor, code: str) -> TestResponse:
    """Send a code."""
    return browser.post(SECOND, {"code": code})

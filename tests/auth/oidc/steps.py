"""Steps of a person who signs in through a provider, or links an account to it."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.auth.oidc.provider import Provider
from tests.visitor import Visitor

SETTINGS = "/auth/account/provider"


def back(visitor: Visitor, there: dict[str, str]) -> TestResponse:
    """Come back from the provider and press the button of the page."""
    page = visitor.client.get("/auth/provider/back", query_string=there)
    if page.status_code != 200:
        return page
    fields = dict(re.findall(r'<input type="hidden" name="(next|state|code)" value="([^"]*)">', page.text))
    return visitor.post("/auth/provider/finish", fields)


def sign_in(visitor: Visitor, provider: Provider, start: str = "/auth/provider") -> TestResponse:
    """Sign in through the provider."""
    begun = visitor.get(start)
    return back(visitor, provider.authorized(begun.location)) if begun.status_code == 303 else begun


def link(person: Visitor, provider: Provider) -> TestResponse:
    """Link the account of a person who is signed in."""
    page = person.post(SETTINGS).text
    address = re.search(r'href="(http://127[^"]*/authorize[^"]*)"', page)
    assert address is not None, page
    return back(person, provider.authorized(address[1].replace("&amp;", "&")))


def elsewhere(person: Visitor) -> Visitor:
    """Return another browser of the same person."""
    return Visitor(person.app, person.email)

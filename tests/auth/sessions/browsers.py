"""Other browsers of a person, and copies of their cookies."""

from __future__ import annotations

from tests.visitor import Visitor


def signed_in(visitor: Visitor) -> bool:
    """Return whether pages are shown that need a sign-in."""
    return visitor.get("/preferences").status_code == 200


def elsewhere(visitor: Visitor) -> Visitor:
    """Return the same person, signed in with another browser."""
    other = Visitor(visitor.app, visitor.email)
    assert other.sign_in().status_code == 303
    return other


def copied(visitor: Visitor) -> Visitor:
    """Return a thief with a copy of the person's cookie."""
    copy = Visitor(visitor.app)
    stolen = visitor.client.get_cookie("session")
    assert stolen is not None
    copy.client.set_cookie("session", stolen.value)
    return copy

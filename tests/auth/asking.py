"""Asking for links, as somebody does who forgot a password."""

from __future__ import annotations

from tests.post import Post
from tests.visitor import Visitor

NEW = "quite another secret"


def phone(visitor: Visitor) -> Visitor:
    """The same person with another device, where nobody has signed in."""
    return Visitor(visitor.app, visitor.email)


def forget(visitor: Visitor, email: str | None = None) -> None:
    """Asks for a link to choose another password."""
    assert visitor.post("/auth/forgot", {"email": email or visitor.email}).status_code == 303


def reset_link(visitor: Visitor, post: Post) -> str:
    """Asks for one and finds it in the mail."""
    post.deliver()
    forget(phone(visitor))
    return post.link()

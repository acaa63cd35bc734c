"""Asking for links for a forgotten password, and whether an address was confirmed by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.post import Post
from tests.visitor import Visitor

NEW = "quite another secret"


def phone(visitor: Visitor) -> Visitor:
    """Return the same person with another device, where there was no sign-in."""
    return Visitor(visitor.app, visitor.email)


def forget(visitor: Visitor, email: str | None = None) -> None:
    """Ask for a link to choose another password."""
    assert visitor.post("/auth/forgot", {"email": email or visitor.email}).status_code == 303


def reset_link(visitor: Visitor, post: Post) -> str:
    """Ask for a link and return it from the mail."""
    post.deliver()
    forget(phone(visitor))
    return post.link()


def verified(rows: Callable[..., list[tuple[Any, ...]]]) -> bool:
    """Return whether the one address is confirmed."""
    ((answer,),) = rows("SELECT verified_at IS NOT NULL FROM users")
    return bool(answer)

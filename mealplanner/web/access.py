"""Who may see a view: everybody who is signed in, unless the view says that it is for the public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that anybody may see."""
    view.public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Whether `view` was marked so."""
    return getattr(view, "public", False)

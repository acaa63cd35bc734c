"""Wishes that could not be met yet: they wait in the session until their form can be sent, and fill it in once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import session


def keep_waiting(form: str, fields: Mapping[str, Any]) -> None:
    """Keep `fields`, small JSON values, for the next time that `form` is shown."""
    session[_key(form)] = dict(fields)


def waiting_for(form: str) -> Mapping[str, Any]:
    """Return what waits for `form`; nothing when nothing does."""
    fields: Mapping[str, Any] = session.get(_key(form), {})
    return fields


def stop_waiting(form: str) -> None:
    """Forget what waits for `form`."""
    session.pop(_key(form), None)


def _key(form: str) -> str:
    return f"waiting-{form}"

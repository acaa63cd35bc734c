"""The request or job that the running code belongs to, for log lines, metrics and connections.

It is kept in a context variable, so that it also holds in workers, in nested requests on one thread and in tests.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


def new_request_id() -> str:
    """Return an id for a request that brought none."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Scope:
    """One request, one job or one command."""

    name: str
    """The endpoint (`menu.create`) or task (`menu.generate`); the part before the dot is the room."""
    request_id: str = field(default_factory=new_request_id)
    """Travels from a request to the jobs that it enqueues."""
    link: str = "-"
    """The id of the link through which someone without an account was let in; a dash for everyone else."""
    token: str = "-"
    """The id of the token that a program sent; a dash for everyone else."""


_NOWHERE = Scope("-", "-")
_current: ContextVar[Scope] = ContextVar("mealplanner_scope", default=_NOWHERE)


def current_scope() -> Scope:
    """Return the scope of the running code, or one of dashes where there is none."""
    return _current.get()


def enter_scope(scope: Scope) -> Scope:
    """Make `scope` the current one and return the one before it, for callers that cannot use a `with` block."""
    outer = _current.get()
    _current.set(scope)
    return outer


@contextmanager
def scoped(scope: Scope) -> Iterator[Scope]:
    """Run the block in `scope`."""
    outer = enter_scope(scope)
    try:
        yield scope
    finally:
        enter_scope(outer)

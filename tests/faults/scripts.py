"""What a misbehaving view or job does, as the test tells it: a list of steps, each a verb and its arguments."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mealplanner.db import UnitOfWork
from mealplanner.errors import Conflict
from mealplanner.jobs.queue import enqueue
from tests.faults.gates import call
from tests.faults.worker import PROBE
from tests.rows import add_clashing_meals

Steps = Sequence[Sequence[Any]]


class Misbehaved(Exception):
    """Raised on purpose."""


def perform(unit: UnitOfWork, steps: Steps) -> list[Any]:
    """Perform every step; return what the reading ones read."""
    found = [VERBS[verb](unit, *arguments) for verb, *arguments in steps]
    return [value for value in found if value is not None]


def misbehave() -> None:
    """Raise an unexpected error."""
    raise Misbehaved("on purpose")


def _sql(unit: UnitOfWork, statement: str) -> Any:
    result: Any = unit.session.execute(text(statement))
    return result.scalar() if result.returns_rows else None


def _swallow(unit: UnitOfWork, statement: str) -> None:
    with suppress(DBAPIError):
        unit.session.execute(text(statement))


def _call(unit: UnitOfWork, gate: str) -> None:
    """Call a gate with whatever is open now; send the process's ids, so that the test can harm it."""
    call(gate, process=os.getpid(), backend=_backend(unit))


def _backend(unit: UnitOfWork) -> int:
    if not unit.in_transaction:
        return 0
    connection: Any = unit.connection().connection.driver_connection
    backend: int = connection.info.backend_pid
    return backend


def _clash(unit: UnitOfWork) -> None:
    add_clashing_meals(unit.session)


def _release(unit: UnitOfWork) -> None:
    unit.release()


def _raise(_unit: UnitOfWork) -> None:
    misbehave()


def _refuse(_unit: UnitOfWork) -> None:
    raise Conflict


def _before_commit(unit: UnitOfWork, steps: Steps) -> None:
    unit.before_commit(lambda: perform(unit, steps))


def _after_commit(unit: UnitOfWork) -> None:
    unit.after_commit(misbehave)


def _always(unit: UnitOfWork, *statements: str) -> None:
    def write(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    unit.always(write)


def _enqueue(unit: UnitOfWork, gate: str, name: str) -> None:
    """Leave the call, and the mark after it, to a worker."""
    enqueue(unit.session, PROBE, gate=gate, name=name)


def _tell(_unit: UnitOfWork) -> int:
    return os.getpid()


VERBS: Mapping[str, Callable[..., Any]] = {
    "sql": _sql,
    "swallow": _swallow,
    "call": _call,
    "clash": _clash,
    "release": _release,
    "raise": _raise,
    "refuse": _refuse,
    "before_commit": _before_commit,
    "after_commit": _after_commit,
    "always": _always,
    "enqueue": _enqueue,
    "tell": _tell,
}

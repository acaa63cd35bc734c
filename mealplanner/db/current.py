"""The unit of work that the running code belongs to, and the connections that it holds already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from weakref import WeakSet

from sqlalchemy import Engine, event

from mealplanner.db.errors import OutsideScope

if TYPE_CHECKING:
    from mealplanner.db.unit_of_work import UnitOfWork

_current: ContextVar[UnitOfWork | None] = ContextVar("mealplanner_unit_of_work", default=None)
_excuse: ContextVar[str | None] = ContextVar("mealplanner_second_connection", default=None)
_watched: WeakSet[Engine] = WeakSet()


def current_unit_of_work() -> UnitOfWork:
    """Return the unit of work of the running code. Raise `OutsideScope` where there is none."""
    if (unit := _current.get()) is None:
        raise OutsideScope("There is no unit of work here: open one with unit_of_work().")
    return unit


def in_transaction() -> bool:
    """Return whether a unit of work of the running code, or one around it, has begun a transaction and not ended it.

    A thread sees the units of work of the context that it was started in, if it was given one.
    """
    return any(unit.in_transaction for unit in _chain())


@contextmanager
def second_connection(reason: str) -> Iterator[None]:
    """Let the block take a connection beside one that is held, for `reason`.

    The block may wait for a connection while it holds one, so this is for code that runs once, never for a request.
    """
    token = _excuse.set(reason)
    try:
        yield
    finally:
        _excuse.reset(token)


def enter(unit: UnitOfWork) -> UnitOfWork | None:
    """Make `unit` the current one and return the one around it."""
    outer = _current.get()
    _current.set(unit)
    return outer


def leave() -> None:
    """Make the innermost unit of work that was not removed the current one."""
    _current.set(next(_chain(), None))


def refuse_second_connection(engine: Engine) -> None:
    """Report a unit of work of the running code that holds a connection of `engine` already.

    Raises `SecondConnection` where that unit of work is strict.
    """
    if _excuse.get() is not None:
        return
    for unit in _chain():
        if unit.holds_connection_of(engine):
            unit.report_second_connection()
            return


def watch_pool(engine: Engine) -> None:
    """Look for a second connection whenever `engine` hands one out; once is enough."""
    if engine in _watched:
        return
    _watched.add(engine)

    @event.listens_for(engine, "checkout")
    def checked_out(*_: object) -> None:
        refuse_second_connection(engine)


def _chain() -> Iterator[UnitOfWork]:
    """Yield the units of work of the running code that were not removed, innermost first."""
    unit = _current.get()
    while unit is not None:
        if not unit.removed:
            yield unit
        unit = unit.outer

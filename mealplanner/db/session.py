"""The session of a unit of work: it knows its owner, and only its owner ends it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Result, Select, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from mealplanner.db.errors import NotTheOwner
from mealplanner.db.failures import raise_translated

if TYPE_CHECKING:
    from mealplanner.db.unit_of_work import UnitOfWork


class UnitOfWorkSession(Session):
    """A session that only `unit_of_work` may end; `begin_nested()` remains free.

    It works in the transaction of its unit of work, and joins it with the first statement of its own. A service that
    needs its owner, for a hook or an always-write, takes this type; all others take a plain `Session`.
    """

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__(expire_on_commit=False, close_resets_only=False, join_transaction_mode="rollback_only")
        self.unit_of_work = unit_of_work
        self._owner_acts = False

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        """Return the connection of the unit of work, whatever is asked for."""
        return self.unit_of_work.connection()

    def connection(self, *arguments: Any, **options: Any) -> Connection:
        """Return the connection of the unit of work. A session that has done nothing yet has no part in its use."""
        if self.in_transaction() or arguments or options:
            return super().connection(*arguments, **options)
        return self.unit_of_work.connection()

    @contextmanager
    def by_owner(self) -> Iterator[None]:
        """Let the block end the session's part in the transaction."""
        self._owner_acts = True
        try:
            yield
        finally:
            self._owner_acts = False

    def commit(self) -> None:
        """Flush, if the unit of work asks for it, which then commits."""
        self.refuse_others("commit")
        super().commit()

    def rollback(self) -> None:
        """Roll back, if the unit of work asks for it: what was written so far would otherwise be lost silently."""
        self.refuse_others("rollback")
        super().rollback()

    def close(self) -> None:
        """Close, if the unit of work asks for it."""
        self.refuse_others("close")
        super().close()

    def reset(self) -> None:
        """Reset, if the unit of work asks for it."""
        self.refuse_others("reset")
        super().reset()

    def refuse_others(self, verb: str) -> None:
        """Raise `NotTheOwner` unless the unit of work is at work."""
        if not self._owner_acts:
            raise NotTheOwner(f"session.{verb}() belongs to the unit of work; a service raises or returns instead.")

    def owner_acts(self) -> bool:
        """Return whether the unit of work is ending the transaction."""
        return self._owner_acts


def read(session: Session, query: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]) -> Result[Any]:
    """Run a query that names tables and no entities, in half the time that `session.execute` takes."""
    return session.connection().execute(query, parameters)


def named(result: Result[Any]) -> list[Any]:
    """Return the rows as named tuples, for many rows: looking up a column of SQLAlchemy's takes ten times as long."""
    return list(map(_shape(*result.keys())._make, result))


@lru_cache
def _shape(*columns: str) -> Any:
    return namedtuple("_Named", columns)


@contextmanager
def savepoint(session: UnitOfWorkSession) -> Iterator[SessionTransaction]:
    """Offer the one approved way to catch a database error and go on: put `try` around this block, never inside it.

    Raises the application's error that a database error stands for, or the database's.
    """
    try:
        with session.begin_nested() as nested:
            yield nested
    except DBAPIError as error:
        raise_translated(error, session.unit_of_work.translate)


@event.listens_for(UnitOfWorkSession, "before_commit")
def _refuse_stray_commit(session: UnitOfWorkSession) -> None:
    """Catch `with session.begin():` too; the release of a savepoint arrives here as well, and is free."""
    if not session.in_nested_transaction():
        session.refuse_others("commit")


@event.listens_for(UnitOfWorkSession, "after_transaction_end")
def _note_end(session: UnitOfWorkSession, transaction: SessionTransaction) -> None:
    """`session.get_transaction().rollback()` and the like end it without asking the session."""
    if transaction.parent is None and not session.owner_acts():
        session.unit_of_work.note_end("The session's transaction was ended")

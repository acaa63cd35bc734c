"""Watching one transaction: who ends it, what it would lose, and how long nothing is asked of it.

The session of a unit of work refuses to be ended by others, but there are ways around a session: its connection, the
driver's connection below that, and SQL itself. SQLAlchemy tells of every statement and every end of a transaction it
makes; libpq knows, without a question to the server, whether a transaction is open. Together with the id that
PostgreSQL gives a transaction at its first write this finds everything but a transaction that only read, and that was
ended and begun again below SQLAlchemy between two statements.
"""

from __future__ import annotations

import re
import time
from typing import Any
from weakref import WeakSet

from psycopg import Error as PsycopgError
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, Transaction, event

from mealplanner.db.errors import NotTheOwner, PendingWrites, SwallowedFailure

_KEY = "mealplanner.db.watch"
_XID = "SELECT pg_current_xact_id_if_assigned()::text"

_LOST = "the connection is broken"

_LOCKS = """
SELECT CASE WHEN locktype = 'advisory' THEN 'an advisory lock' ELSE 'a lock on a table' END FROM pg_locks
WHERE pid = pg_backend_pid() AND (locktype = 'advisory' OR locktype = 'relation' AND mode <> 'AccessShareLock') LIMIT 1
"""

_ONLY_READ = ("SELECT", "SHOW", "SET", "SAVEPOINT", "RELEASE", "ROLLBACK")
"""How statements begin that need no look for a transaction id. A function or a CTE may still write."""

_UNTIL_THE_END = re.compile(
    r"(?:\A|;)(?:\s|--[^\n]*\n|/\*.*?\*/)*(?P<command>set|notify|listen|unlisten|declare)\b"
    r"|\b(?P<function>pg_notify|set_config)\"?\s*\(",
    re.IGNORECASE | re.DOTALL,
)
"""What takes effect at the commit, or holds until the end of the transaction, and shows nowhere else."""

_watched: WeakSet[Engine] = WeakSet()


class TransactionWatch:
    """The `transaction` of a unit of work on `connection`, from its begin until `forget` lets its owner end it."""

    def __init__(self, connection: Connection, transaction: Transaction) -> None:
        self.connection = connection
        self.transaction = transaction
        self.statements: dict[str, None] = {}
        """Each statement that was sent, once, in order."""
        self.ended_by: str | None = None
        """What ended the transaction without being its owner."""
        self.began_at = self._quiet_since = time.monotonic()
        self.longest_idle = 0.0
        """The longest time between two statements so far, in seconds."""
        self._driver: Any = connection.connection.driver_connection
        self._watching = True
        self._xid: str | None = None
        self._asking = False
        connection.info[_KEY] = self

    def verify(self) -> None:
        """Raise `NotTheOwner` if this is not the transaction that was begun, or it has ended already."""
        self._note_idle()
        if self.ended_by is None and not self._lost:
            self.ended_by = self._found()
        if self.ended_by is not None:
            raise NotTheOwner(f"{self.ended_by}; only the unit of work ends a transaction. Part of it may be stored.")

    def refuse_swallowed_failure(self) -> None:
        """Raise `SwallowedFailure` if a statement failed, and its error was caught outside a savepoint."""
        if self._status() == TransactionStatus.INERROR:
            raise SwallowedFailure("A statement failed and its error was caught. Catch it around savepoint() instead.")

    def refuse_writes(self, *, read_only: bool) -> None:
        """Raise `PendingWrites` if a `read_only` transaction wrote: a statement can take its mode back."""
        if read_only and self._xid not in (None, _LOST):
            raise PendingWrites("This unit of work is read-only, but it was made to write.")

    def to_lose(self) -> str | None:
        """Return what a rollback now would undo, None if nothing can be seen: writes, locks, settings, notifications.

        Raises `SwallowedFailure`.
        """
        self.refuse_swallowed_failure()
        if self._xid is not None or self._ask(_XID) is not None:
            return "writes or locks"
        for statement in self.statements:
            if found := _UNTIL_THE_END.search(statement):
                return f"the effect of {(found['command'] or found['function']).upper()}"
        return self._ask(_LOCKS)

    def forget(self) -> bool:
        """Stop watching: the owner ends the transaction, and the connection goes to another user of the pool.

        Return whether it was watched until now.
        """
        if not self._watching:
            return False
        self._watching = False
        self._note_idle()
        if not (self.connection.closed or self._lost) and self.connection.info.get(_KEY) is self:
            del self.connection.info[_KEY]
        return True

    # What SQLAlchemy tells --------------------------------------------------------------------------------------

    def before_statement(self, statement: str) -> None:
        """Refuse a statement in a transaction that was ended below SQLAlchemy."""
        if self._asking:
            return
        self._note_idle()
        self.ended_by = self.ended_by or self._replaced()
        if self.ended_by is not None:
            self.verify()
        self.statements[statement] = None

    def after_statement(self, statement: str) -> None:
        """Refuse to go on after a statement that ended the transaction, and learn its id after the first write."""
        if self._asking:
            return
        if self._status() == TransactionStatus.IDLE:
            self.ended_by = f"The statement {statement[:80]!r} ended the transaction"
            self.verify()
        if self._xid is None and not statement.lstrip()[:9].upper().startswith(_ONLY_READ):
            self._xid = self._id_now()
        self._quiet_since = time.monotonic()

    def before_commit(self) -> None:
        """Refuse `connection.commit()`, which SQLAlchemy then counts as a transaction that has failed."""
        self.ended_by = "connection.commit() was called"
        raise NotTheOwner("connection.commit() belongs to the unit of work; a service raises or returns instead.")

    # How ----------------------------------------------------------------------------------------------------------

    def _note_idle(self) -> None:
        now = time.monotonic()
        self.longest_idle = max(self.longest_idle, now - self._quiet_since)
        self._quiet_since = now

    def _found(self) -> str | None:
        """Return what shows that the transaction is not the one that was begun."""
        if (replaced := self._replaced()) is not None:
            return replaced
        if (
            self._xid is not None
            and self._status() == TransactionStatus.INTRANS
            and self._id_now() not in (self._xid, _LOST)
        ):
            return "PostgreSQL is in another transaction than the one that wrote"
        return None

    @property
    def _lost(self) -> bool:
        return self.connection.invalidated

    def _replaced(self) -> str | None:
        """Return what can be told without asking the server."""
        if self.connection.closed:
            return "The connection was closed"
        if not self.transaction.is_active:
            return "The connection's transaction was ended"
        if self.statements and self._status() == TransactionStatus.IDLE:
            return "The driver's transaction was ended"
        return None

    def _status(self) -> int:
        return int(self._driver.pgconn.transaction_status)

    def _id_now(self) -> str | None:
        """Ask the driver, since this is asked twice for every transaction that writes and SQLAlchemy takes its time."""
        try:
            answer: str | None = self._driver.execute(_XID).fetchone()[0]
        except PsycopgError:
            return _LOST  # the next statement says so, with its own error
        return answer

    def _ask(self, question: str) -> str | None:
        """Ask the server; what is asked here is no statement of the transaction."""
        self._asking = True
        try:
            answer: str | None = self.connection.exec_driver_sql(question).scalar()
            return answer
        finally:
            self._asking = False


def watch_engine(engine: Engine) -> None:
    """Have `engine` tell every watch of its statements and of the ends of its transactions; once is enough."""
    if engine in _watched:
        return
    _watched.add(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if (watch := _watch_of(connection)) is not None:
            watch.before_statement(statement)

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if (watch := _watch_of(connection)) is not None:
            watch.after_statement(statement)

    @event.listens_for(engine, "commit")
    def committing(connection: Connection) -> None:
        if (watch := _watch_of(connection)) is not None:
            watch.before_commit()


def _watch_of(connection: Connection) -> TransactionWatch | None:
    if connection.closed or connection.invalidated:
        return None
    found: TransactionWatch | None = connection.info.get(_KEY)
    return found

"""The unit of work: the only module that commits.

A unit of work owns one SQLAlchemy session and decides about it once. Services get the session as their first
argument and can neither commit, roll back nor close it; the owner (a request, a job, a command) does that here.
Nothing in this module knows Flask.
"""

from __future__ import annotations

import enum
import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from mealplanner import metrics
from mealplanner.db.engine import side_of
from mealplanner.db.errors import NotTheOwner, OutsideScope, PendingWrites, SwallowedFailure, UnitOfWorkError
from mealplanner.db.failures import connection_lost, raise_translated
from mealplanner.errors import OutcomeUnknown
from mealplanner.scope import current_scope

log = logging.getLogger(__name__)

_WRITTEN = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"

_current: ContextVar[UnitOfWork | None] = ContextVar("mealplanner_unit_of_work", default=None)


class OwnedSession(Session):
    """A session that only its unit of work may end; `begin_nested()` remains free to everybody."""

    unlocked = False

    def commit(self) -> None:
        """Refused outside the unit of work."""
        self._only_the_owner("commit")
        super().commit()

    def rollback(self) -> None:
        """Refused outside the unit of work: what was written so far would be lost in silence."""
        self._only_the_owner("rollback")
        super().rollback()

    def close(self) -> None:
        """Refused outside the unit of work, like `rollback`."""
        self._only_the_owner("close")
        super().close()

    def reset(self) -> None:
        """Refused outside the unit of work, like `rollback`."""
        self._only_the_owner("reset")
        super().reset()

    def _only_the_owner(self, verb: str) -> None:
        if not self.unlocked:
            raise NotTheOwner(f"session.{verb}() belongs to the unit of work; a service raises or returns instead.")


@event.listens_for(OwnedSession, "before_commit")
def _refuse_stray_commit(session: OwnedSession) -> None:
    """Catches `with session.begin():` too; the release of a savepoint arrives here and is nobody's business."""
    if not session.in_nested_transaction():
        session._only_the_owner("commit")


class State(enum.Enum):
    """Where a unit of work is in its life."""

    OPEN = "open"
    COMMITTED = "committed"
    ROLLED_BACK = "rolled_back"


class UnitOfWork:
    """One session, one decision.

    `engine` is where its connection comes from: a connection is taken at the first statement, never before, and given
    back with the decision. After the decision the session is closed for good; what was loaded stays readable.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.side = side_of(engine)
        self._session: OwnedSession | None = None
        self._before: list[Callable[[], object]] = []
        self._after: list[Callable[[], object]] = []
        self._always: list[Callable[[Connection], object]] = []
        self._outer = _current.get()
        self.state = State.OPEN
        self.doomed: str | None = None
        self.retryable = True
        _current.set(self)

    @property
    def session(self) -> Session:
        """The session of this unit of work. Raises `OutsideScope` once it has ended."""
        if self.state is not State.OPEN:
            raise OutsideScope(f"This unit of work is {self.state.value}; its session is closed.")
        if self._session is None:
            self._session = OwnedSession(self._engine, expire_on_commit=False, close_resets_only=False)
            self._session.info["unit_of_work"] = self
        return self._session

    # What a view or a service may ask for -----------------------------------------------------------------------

    def before_commit(self, hook: Callable[[], object]) -> None:
        """Runs `hook` inside the transaction, just before the commit; if it raises, everything is rolled back."""
        self._before.append(hook)

    def after_commit(self, hook: Callable[..., object], *args: object) -> None:
        """Runs `hook(*args)` once the commit has succeeded. Pass plain values: the session is closed by then.

        Hooks run in order; one that raises is logged and stops nobody. They are dropped on rollback.
        """
        self._after.append(functools.partial(hook, *args))

    def always(self, write: Callable[[Connection], object]) -> None:
        """Runs `write(connection)` in a short transaction of its own after this one has ended, however it ended.

        For what must outlive an error, such as a counter of failed sign-ins: execute one statement whose values are
        SQL expressions (`failed + 1`), never something read before.
        """
        self._always.append(write)

    def doom(self, reason: str) -> None:
        """Makes sure that this ends in a rollback, whatever the response."""
        self.doomed = self.doomed or reason

    def external_effect(self) -> None:
        """Says that something happened which no rollback takes back; from here on nothing is retried."""
        self.retryable = False

    def release(self) -> None:
        """Ends the read phase and gives the connection back, before a slow call.

        What was loaded stays readable, detached. Raises `PendingWrites` if there is anything to lose, row locks
        included. The slow call counts as an external effect.
        """
        if self.has_writes():
            raise PendingWrites("release() ends the transaction, but it holds writes or row locks that would be lost.")
        self._unlocked(lambda session: session.reset())
        self.external_effect()

    def has_writes(self) -> bool:
        """Whether anything would be lost by rolling back now: unflushed changes, written rows, row locks.

        PostgreSQL itself is asked: it gives a transaction an id with its first write. Raises `SwallowedFailure`.
        """
        session = self._session
        if session is None or not session.in_transaction():
            return False
        if session.new or session.deleted or any(session.is_modified(item) for item in session.dirty):
            return True
        self._refuse_swallowed_failure(session)
        return bool(session.connection().exec_driver_sql(_WRITTEN).scalar())

    # What the owner does ----------------------------------------------------------------------------------------

    def conclude(self, *, keep: bool) -> None:
        """Commits if what was done is to be kept, else rolls back."""
        if keep:
            self.commit()
        else:
            self.rollback()

    def commit(self) -> None:
        """Commits once and only once, then runs the after-commit hooks and the always-writes.

        On any failure everything is rolled back and the error is raised: `SwallowedFailure`, `OutcomeUnknown` when the
        connection broke during the COMMIT itself, or what the database said.
        """
        if self.state is not State.OPEN:
            raise OutsideScope(f"This unit of work is {self.state.value} already.")
        if self.doomed:
            raise UnitOfWorkError(f"This unit of work is doomed ({self.doomed}) and can only be rolled back.")
        try:
            self._prepare()
            self._unlocked(self._send_commit)
        except BaseException:
            self.rollback()
            raise
        self._end(State.COMMITTED)
        self._run_after_commit()
        self._run_always()

    def rollback(self) -> None:
        """Rolls back and gives the connection back, then runs the always-writes. Does nothing the second time."""
        if self.state is State.OPEN:
            self._end(State.ROLLED_BACK)
            self._run_always()

    def remove(self) -> None:
        """Ends the scope: rolls back what nobody decided about, warns of it, and never raises. May be called twice."""
        left_over = self.state is State.OPEN and self._session is not None and self._session.in_transaction()
        if left_over:
            log.warning("a transaction was left over at the end of its scope and is rolled back")
            self._count("left_over")
        if self.state is State.OPEN:
            self.rollback()
        if _current.get() is self:
            _current.set(self._outer)

    # How ----------------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """All that can fail while it is still certain that nothing was stored."""
        for hook in self._before:
            hook()
        if self._session is not None and self._session.in_transaction():
            self._session.flush()  # apart from COMMIT, so that a lost connection here is no unknown outcome
            self._refuse_swallowed_failure(self._session)

    @staticmethod
    def _refuse_swallowed_failure(session: Session) -> None:
        connection: Any = session.connection().connection.driver_connection
        if connection.info.transaction_status is TransactionStatus.INERROR:
            raise SwallowedFailure("A statement failed and its error was caught. Catch it around savepoint() instead.")

    def _send_commit(self, session: OwnedSession) -> None:
        try:
            session.commit()
        except Exception as error:
            if connection_lost(error):
                log.error("the connection broke during COMMIT: outcome unknown")
                self._count("unknown")
                raise OutcomeUnknown from error
            raise

    def _unlocked(self, act: Callable[[OwnedSession], None]) -> None:
        session = self._session
        if session is None:
            return
        session.unlocked = True
        try:
            act(session)
        finally:
            session.unlocked = False

    def _end(self, state: State) -> None:
        self.state = state
        self._count("doomed" if self.doomed else state.value)
        try:
            self._unlocked(lambda session: session.close())
        except Exception:
            log.exception("closing a session failed; its connection is discarded")
            assert self._session is not None
            self._session.invalidate()

    def _count(self, outcome: str) -> None:
        metrics.TRANSACTIONS.labels(current_scope().name, self.side, outcome).inc()

    def _run_after_commit(self) -> None:
        for hook in self._after:
            try:
                hook()
            except Exception:
                log.exception("an after-commit hook failed; what was committed stands")
                metrics.HOOK_FAILURES.labels("after_commit", self.side).inc()

    def _run_always(self) -> None:
        writes, self._always = self._always, []
        if not writes:
            return
        try:
            with self._engine.connect() as connection:
                for write in writes:
                    self._run_one(write, connection)
        except Exception:
            log.exception("no connection for %d always-writes", len(writes))
            metrics.HOOK_FAILURES.labels("always", self.side).inc(len(writes))

    def _run_one(self, write: Callable[[Connection], object], connection: Connection) -> None:
        try:
            with connection.begin():
                write(connection)
        except Exception:
            log.exception("an always-write failed")
            metrics.HOOK_FAILURES.labels("always", self.side).inc()


@contextmanager
def savepoint(session: Session) -> Iterator[SessionTransaction]:
    """The one approved way to catch a database error and go on: put `try` around this block, never inside it.

    Raises the domain error that a violated constraint stands for, or what the database said.
    """
    try:
        with session.begin_nested() as nested:
            yield nested
    except DBAPIError as error:
        raise_translated(error)


def current_unit_of_work() -> UnitOfWork:
    """The unit of work of the running code. Raises `OutsideScope` where there is none."""
    current = _current.get()
    if current is None:
        raise OutsideScope("There is no unit of work here: open one with database.unit_of_work().")
    return current


def in_transaction() -> bool:
    """Whether a unit of work of the running code, one around another included, has begun and not ended a transaction.

    False where there is no unit of work. A thread sees those of the context it was started in, if it was given one.
    """
    unit = _current.get()
    while unit is not None:
        if unit._session is not None and unit._session.in_transaction():
            return True
        unit = unit._outer
    return False


def unit_of_work_of(session: Session) -> UnitOfWork:
    """The owner of `session`, for a service that needs more of it than the session."""
    owner: UnitOfWork = session.info["unit_of_work"]
    return owner

"""The unit of work: the only module that commits.

A unit of work owns one SQLAlchemy session and decides about it once. Services get the session as their first argument
and can neither commit, roll back nor close it; the owner (a request, a job, a command) does that here.
"""

from __future__ import annotations

import enum
import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import SessionTransaction

from mealplanner.db import current
from mealplanner.db.errors import (
    NotTheOwner,
    OutcomeUnknown,
    OutsideScope,
    PendingWrites,
    SecondConnection,
    UnitOfWorkError,
)
from mealplanner.db.failures import Translate, connection_lost, raise_translated, untranslated
from mealplanner.db.hooks import Hooks, Write
from mealplanner.db.observer import Observer
from mealplanner.db.read_only import read_only
from mealplanner.db.session import UnitOfWorkSession
from mealplanner.db.watch import watch_engine


class State(enum.Enum):
    """Where a unit of work is in its life."""

    OPEN = "open"
    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"


class UnitOfWork:
    """One session, one decision.

    A connection is taken from `engine` at the first statement, never before, and given back with the decision. After
    the decision the session is closed for good; what was loaded stays readable. Given a `Connection` instead, the unit
    of work is a savepoint in the transaction that is open on it, which is for tests.

    `read_only` has PostgreSQL refuse the first statement that writes. `strict` raises `SecondConnection` where else the
    observer is told. `translate` turns database errors into errors of the application, in `savepoint`.
    """

    def __init__(
        self,
        engine: Engine | Connection,
        *,
        observer: Observer | None = None,
        translate: Translate = untranslated,
        read_only: bool = False,
        strict: bool = True,
    ) -> None:
        self.observer = observer or Observer()
        self.translate = translate
        self.state = State.OPEN
        self.doomed: str | None = None
        self.retryable = True
        self.removed = False
        self._engine = engine
        self.read_only = read_only
        self._strict = strict
        self._session: UnitOfWorkSession | None = None
        self._hooks = Hooks(self.observer)
        self._second_reported = False
        self._deciding = False
        self.outer = current.enter(self)
        root = engine.engine
        watch_engine(root)
        current.watch_pool(root)

    @property
    def session(self) -> UnitOfWorkSession:
        """The session of this unit of work. Raises `OutsideScope` once it has ended."""
        if self.state is not State.OPEN:
            raise OutsideScope(f"This unit of work is {self.state.value}; its session is closed.")
        if self._session is None:
            self._session = UnitOfWorkSession(self._bind(), self)
        return self._session

    # For views, jobs and services ---------------------------------------------------------------------------------

    def before_commit(self, hook: Callable[[], object]) -> None:
        """Run `hook` inside the transaction, just before the commit; if it raises, everything is rolled back."""
        self._hooks.before_commit.append(hook)

    def after_commit(self, hook: Callable[..., object], *args: object) -> None:
        """Run `hook(*args)` once the commit has succeeded. Pass plain values: the session is closed by then.

        Hooks run in order; the failure of one is reported and does not keep the next from running. A rollback drops
        them.
        """
        self._hooks.after_commit.append(functools.partial(hook, *args))

    def always(self, write: Write) -> None:
        """Run `write(connection)` in a short transaction of its own after this one has ended, however it ended.

        For what must outlive an error, such as a counter of failed sign-ins. Execute one statement whose values are SQL
        expressions (`failed + 1`), never something read before. An attempt that is run again drops its writes: what
        counts is how the last attempt ended.
        """
        self._hooks.always.append(write)

    def doom(self, reason: str) -> None:
        """Have this end in a rollback, whatever the response."""
        self.doomed = self.doomed or reason

    def external_effect(self) -> None:
        """Note that something happened which no rollback takes back: from here on nothing is run again."""
        self.retryable = False

    def release(self) -> None:
        """End the read phase and give the connection back, before a slow call, which counts as an external effect.

        What was loaded stays readable, detached. Raises `PendingWrites` if anything that can be seen would be lost:
        writes, locks on rows and tables, advisory locks, notifications, settings.
        """
        if (lost := self.to_lose()) is not None:
            raise PendingWrites(f"release() ends the transaction, and would lose {lost}.")
        session = self._session
        if session is not None:
            self._verify()
            self._let_go(session)
            with session.by_owner():
                session.reset()
        self.external_effect()

    def to_lose(self) -> str | None:
        """Return what a rollback now would lose, None if nothing can be seen. Raises `SwallowedFailure`."""
        session = self._session
        if session is None or not session.in_transaction():
            return None
        if session.new or session.deleted or any(session.is_modified(item) for item in session.dirty):
            return "objects that were not flushed"
        return session.watch.to_lose() if session.watch is not None else None

    # For the owner ------------------------------------------------------------------------------------------------

    def conclude(self, *, keep: bool) -> State:
        """Commit if what was done is to be kept and nothing doomed it, else roll back. Return how it ended.

        Raises like `commit`, and `NotTheOwner` also when it rolls back what other code has ended before.
        """
        if keep and (self._deciding or self.state is not State.OPEN):
            raise OutsideScope(f"This unit of work is {self.state.value}, and was decided about already.")
        self._deciding = True
        if keep and not self.doomed:
            self._try(self._prepare)
        if keep and not self.doomed:  # a hook may have doomed it
            self._finish()
        else:
            self._try(self._verify)
            self.rollback()
        return self.state

    def commit(self) -> None:
        """Commit once and only once, then run the after-commit hooks and the always-writes.

        On any failure everything is rolled back and the error is raised: `SwallowedFailure`, `NotTheOwner` when other
        code ended the transaction, `OutcomeUnknown` when the connection broke during the COMMIT itself,
        `UnitOfWorkError` when it is doomed, or the database's error.
        """
        if self.conclude(keep=True) is not State.COMMITTED:
            raise UnitOfWorkError(f"This unit of work is doomed ({self.doomed}) and was rolled back.")

    def rollback(self) -> None:
        """Roll back and give the connection back, then run the always-writes. Do nothing the second time."""
        if self.state is State.OPEN:
            problem = self._problem()
            self._end(State.ROLLED_BACK)
            if problem is not None:
                self.observer.ended_by_other(problem)
        self._hooks.run_always(self._engine)

    def abandon(self) -> None:
        """Roll back an attempt that is run again: without its always-writes, which the next attempt asks for anew."""
        self._hooks.always.clear()
        self.rollback()

    def remove(self) -> None:
        """End the scope: roll back and report what was not decided about, and never raise. May be called twice."""
        if self.state is State.OPEN and self.in_transaction:
            self.observer.left_over()
        try:
            self.rollback()
        finally:  # an always-write may end the process
            self.removed = True
            current.leave()

    # What other units of work ask ---------------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction has begun and not ended."""
        return self._session is not None and self._session.in_transaction()

    def holds_connection_of(self, engine: Engine) -> bool:
        """Return whether a connection of `engine` is held now."""
        held = self._session is not None and self._session.watch is not None
        return held and self._engine is engine

    def refuse_second_connection(self) -> None:
        """Look for a unit of work around this one that holds a connection which this one is about to double."""
        if isinstance(self._engine, Engine):
            current.refuse_second_connection(self._engine)

    def report_second_connection(self) -> None:
        """Raise `SecondConnection`, or tell the observer once, that code of this unit of work takes another one."""
        problem = (
            "A second connection is taken while a unit of work holds one. When as many do so at once as the pool has "
            "connections, none gets on. Use the session that is there, or release() it before."
        )
        if self._strict:
            raise SecondConnection(problem)
        if not self._second_reported:
            self._second_reported = True
            self.observer.second_connection(problem)

    # How ----------------------------------------------------------------------------------------------------------

    def _bind(self) -> Engine | Connection:
        if not self.read_only or isinstance(self._engine, Connection):
            return self._engine
        return read_only(self._engine)

    def _try(self, act: Callable[[], None]) -> None:
        """Call `act`; if it fails, roll back. The always-writes wait for the owner, who may run all of it again."""
        try:
            act()
        except BaseException:
            if self.state is State.OPEN:
                self._end(State.ROLLED_BACK)
            raise

    def _prepare(self) -> None:
        """Do everything that can fail while it is still certain that nothing was stored."""
        self._hooks.run_before_commit()
        session = self._session
        if session is not None and session.in_transaction():
            session.flush()  # apart from COMMIT, so that a connection lost here is no unknown outcome
            if session.watch is not None:
                session.watch.refuse_swallowed_failure()
                session.watch.refuse_writes(read_only=self._bind() is not self._engine)
        self._verify()

    def _verify(self) -> None:
        if self._session is not None and self._session.watch is not None:
            self._session.watch.verify()

    def _problem(self) -> str | None:
        """Return what other code did to the transaction, as far as it can be told."""
        try:
            self._verify()
        except NotTheOwner as error:
            return str(error)
        except Exception:
            return None  # the connection is broken, and the error that says so is on its way
        return None

    def _finish(self) -> None:
        self._try(self._send_commit)
        self._end(State.COMMITTED)
        try:
            self._hooks.run_after_commit()
        finally:
            self._hooks.run_always(self._engine)

    def _send_commit(self) -> None:
        if self._session is None:
            return
        self._let_go(self._session)
        try:
            with self._session.by_owner():
                self._session.commit()
        except Exception as error:
            if connection_lost(error):
                self.observer.outcome_unknown()
                raise OutcomeUnknown from error
            raise

    def _end(self, state: State) -> None:
        self.state = state
        session = self._session
        if session is not None:
            intact = session.watch is None or session.watch.ended_by is None
            self._let_go(session)
            try:
                with session.by_owner():
                    session.close() if intact else session.invalidate()
            except Exception:
                self.observer.closing_failed()
                session.invalidate()
        if state is State.COMMITTED:
            self.observer.committed()
        elif self.doomed:
            self.observer.doomed(self.doomed)
        else:
            self.observer.rolled_back()

    def _let_go(self, session: UnitOfWorkSession) -> None:
        """Stop watching, since the owner is about to end the transaction."""
        watch, session.watch = session.watch, None
        if watch is not None:
            watch.forget()
            self.observer.held(time.monotonic() - watch.began_at, watch.longest_idle)


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

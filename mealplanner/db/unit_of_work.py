"""The unit of work: the only module that commits.

A unit of work owns one SQLAlchemy session and decides about it once. Services get the session as their first argument
and can neither commit, roll back nor close it; the owner (a request, a job, a command) does that here.
"""

from __future__ import annotations

import enum
import functools
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from mealplanner.db import current
from mealplanner.db.errors import (
    NotTheOwner,
    OutcomeUnknown,
    OutsideScope,
    PendingWrites,
    SecondConnection,
    UnitOfWorkError,
)
from mealplanner.db.failures import Translate, connection_lost, untranslated
from mealplanner.db.hooks import Hooks, Write
from mealplanner.db.observer import Observer
from mealplanner.db.session import UnitOfWorkSession
from mealplanner.db.transaction import begin, discard, give_back
from mealplanner.db.watch import TransactionWatch, watch_engine


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
        self._watch: TransactionWatch | None = None
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
        self._refuse_after_decision()
        if self._session is None:
            self._session = UnitOfWorkSession(self)
        return self._session

    def connection(self) -> Connection:
        """Return the connection, with the transaction begun. Raise `OutsideScope` once it has ended."""
        self._refuse_after_decision()
        if self._watch is None:
            self._watch = begin(self._engine, writes=not self.read_only)
            self.observer.began()
        return self._watch.connection

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
        self._verify()
        if self._session is not None:
            with self._session.by_owner():
                self._session.reset()
        self._give_back()
        self.external_effect()

    def to_lose(self) -> str | None:
        """Return what a rollback now would lose, None if nothing can be seen. Raises `SwallowedFailure`."""
        session = self._session
        if session is not None and (session.new or session.deleted or any(map(session.is_modified, session.dirty))):
            return "objects that were not flushed"
        return self._watch.to_lose() if self._watch is not None else None

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
        return self._watch is not None or (self._session is not None and self._session.in_transaction())

    def holds_connection_of(self, engine: Engine) -> bool:
        """Return whether a connection of `engine` is held now."""
        return self._watch is not None and self._engine is engine

    def note_end(self, problem: str) -> None:
        """Note that the transaction was ended by code that does not own it."""
        if self._watch is not None:
            self._watch.ended_by = problem

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

    def _refuse_after_decision(self) -> None:
        if self.state is not State.OPEN:
            raise OutsideScope(f"This unit of work is {self.state.value}; its session is closed.")

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
        if self._session is not None and self._session.in_transaction():
            with self._session.by_owner():
                self._session.commit()  # flushes, apart from COMMIT: a connection lost here is no unknown outcome
        self._verify()
        if self._watch is not None:
            self._watch.refuse_swallowed_failure()
            self._watch.refuse_writes(read_only=self.read_only and isinstance(self._engine, Engine))

    def _verify(self) -> None:
        flush_failed = self._session is not None and not self._session.is_active  # it then has rolled back by itself
        if self._watch is not None and not flush_failed:
            self._watch.verify()

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
        if self._watch is None:
            return
        self._let_go()
        try:
            self._watch.transaction.commit()
        except Exception as error:
            if connection_lost(error):
                self.observer.outcome_unknown()
                raise OutcomeUnknown from error
            raise

    def _end(self, state: State) -> None:
        self.state = state
        try:
            try:
                if self._session is not None:
                    with self._session.by_owner():
                        self._session.close()
            finally:
                self._give_back()
        except Exception:
            self.observer.closing_failed()
            if self._watch is not None:
                discard(self._watch.connection)
        self._watch = None
        if state is State.COMMITTED:
            self.observer.committed()
        elif self.doomed:
            self.observer.doomed(self.doomed)
        else:
            self.observer.rolled_back()

    def _let_go(self) -> None:
        """Stop watching, since the owner is about to end the transaction."""
        if self._watch is not None and self._watch.forget():
            self.observer.held(time.monotonic() - self._watch.began_at, self._watch.longest_idle)

    def _give_back(self) -> None:
        """Give the connection back, with what was not committed rolled back."""
        self._let_go()
        if self._watch is not None:
            give_back(self._watch, self._engine)
            self._watch = None

"""The database of one application: both engines, and units of work to use them with."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakSet

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.db.engine import direct_engine, pooled_engine
from mealplanner.db.failures import may_be_retried, raise_translated
from mealplanner.db.uow import UnitOfWork
from mealplanner.scope import current_scope

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a transaction is run that another one got in the way of, and how long to wait between.

    A net, not a locking strategy: writers that meet often need a lock, not more attempts.
    """

    attempts: int = 3
    base_seconds: float = 0.02
    rng: random.Random = field(default_factory=random.Random)
    sleep: Callable[[float], None] = time.sleep

    def pause(self, attempt: int) -> None:
        """Waits before the attempt after `attempt` (from 1): twice as long each time, with full jitter."""
        self.sleep(self.rng.uniform(0, self.base_seconds * 2**attempt))


class Database:
    """Made once by each process; holds no connection until one is needed."""

    def __init__(self, config: Config) -> None:
        self._rollout = config.rollout
        self.pooled = pooled_engine(config)
        self.direct = direct_engine(config)
        _databases.add(self)

    def engine(self) -> Engine:
        """Where the running scope takes its connections from, by `USE_NEW_CONNECTION_HANDLING`."""
        return self.pooled if self._rollout.covers(current_scope().name) else self.direct

    def open(self) -> UnitOfWork:
        """A unit of work for whoever cannot use a `with` block; the caller must `remove()` it."""
        return UnitOfWork(self.engine())

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A unit of work that is rolled back unless the block commits it."""
        unit = self.open()
        try:
            yield unit
        except BaseException:
            unit.rollback()
            raise
        finally:
            unit.remove()

    def run(self, work: Callable[[Session], T], *, retry: RetryPolicy | None = None) -> T:
        """Runs `work(session)`, commits, and returns its value.

        After a serialization failure or a deadlock the whole of `work` is run again with a fresh session, unless it
        declared an external effect. Database errors are raised as the domain errors they stand for.
        """
        retry = retry or RetryPolicy()
        for attempt in range(1, retry.attempts + 1):
            with self.unit_of_work() as unit:
                try:
                    value = work(unit.session)
                    unit.conclude(keep=True)
                    return value
                except Exception as error:
                    again = may_be_retried(error) and unit.retryable and attempt < retry.attempts
                    unit.rollback()
                    if not again:
                        raise_translated(error)
                    log.info("transaction runs again after %s", type(error).__name__)
            retry.pause(attempt)
        raise AssertionError("the loop returns or raises")

    def dispose(self) -> None:
        """Closes the connections that are not in use."""
        self.pooled.dispose()
        self.direct.dispose()


_databases: WeakSet[Database] = WeakSet()


def _leave_to_the_parent() -> None:
    """A forked child forgets the idle connections, without a word to PostgreSQL: on a shared socket each of the two
    would read the other's answers."""
    for database in _databases:
        database.pooled.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_the_parent)

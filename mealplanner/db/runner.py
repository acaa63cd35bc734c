"""Units of work on one engine: opened, run, and run again where PostgreSQL asks for it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Engine

from mealplanner.db.failures import Translate, may_be_retried, raise_translated, untranslated
from mealplanner.db.observer import Observer
from mealplanner.db.session import UnitOfWorkSession
from mealplanner.db.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a transaction is run that another one got in the way of, and how long to wait between attempts.

    This is a safety net, not a locking strategy: writers that meet often need a lock, not more attempts.
    """

    attempts: int = 3
    base_seconds: float = 0.02
    rng: random.Random = field(default_factory=random.Random)
    sleep: Callable[[float], None] = time.sleep

    def again(self, unit: UnitOfWork, error: BaseException, attempt: int) -> bool:
        """Return whether the work of `unit`, whose attempt number `attempt` (from 1) ended in `error`, is run again."""
        return attempt < self.attempts and unit.retryable and may_be_retried(error)

    def pause(self, attempt: int) -> None:
        """Wait before the attempt after `attempt`: twice as long each time, with full jitter."""
        self.sleep(self.rng.uniform(0, self.base_seconds * 2**attempt))


class UnitsOfWork:
    """A source of units of work on `engine`. Make one in each process; it holds no connection until one is needed."""

    def __init__(
        self,
        engine: Engine,
        *,
        observer: Observer | None = None,
        translate: Translate = untranslated,
        strict: bool = True,
    ) -> None:
        self._engine = engine
        self._observer = observer or Observer()
        self.translate = translate
        self.strict = strict

    def open(self, *, read_only: bool = False) -> UnitOfWork:
        """Return a unit of work for an owner that cannot use a `with` block and must `remove()` it."""
        return UnitOfWork(
            self.engine(),
            observer=self.observer(),
            translate=self.translate,
            read_only=read_only,
            strict=self.strict,
        )

    @contextmanager
    def unit_of_work(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """Open a unit of work that is rolled back unless the block commits it."""
        unit = self.open(read_only=read_only)
        try:
            yield unit
        except BaseException:
            unit.rollback()
            raise
        finally:
            unit.remove()

    def run(self, work: Callable[[UnitOfWorkSession], T], *, retry: RetryPolicy | None = None) -> T:
        """Run `work(session)`, commit, and return its value.

        After a serialization failure or a deadlock the whole of `work` is run again with a fresh session, unless it
        declared an external effect. Database errors are raised as the errors of the application they stand for.
        """
        retry = retry or RetryPolicy()
        for attempt in range(1, retry.attempts + 1):
            with self.unit_of_work() as unit:
                try:
                    value = work(unit.session)
                    unit.conclude(keep=True)
                    return value
                except Exception as error:
                    if not retry.again(unit, error, attempt):
                        unit.rollback()
                        raise_translated(error, self.translate)
                    unit.abandon()
                    log.info("the transaction is run again after %s", type(error).__name__)
            retry.pause(attempt)
        raise AssertionError("the loop returns or raises")

    def engine(self) -> Engine:
        """Return the engine that the next unit of work takes its connection from."""
        return self._engine

    def observer(self) -> Observer:
        """Return what the next unit of work reports to."""
        return self._observer

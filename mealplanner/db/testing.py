"""For tests of what is built on units of work. It needs no test framework; wrap it in fixtures of your own.

@pytest.fixture
def session(engine):
    with rolled_back_unit(engine) as unit:
        yield unit.session

@pytest.fixture(autouse=True)
def nothing_checked_out(engine):
    yield
    assert_nothing_checked_out(engine)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, QueuePool, event

from mealplanner.db.failures import Translate, untranslated
from mealplanner.db.unit_of_work import UnitOfWork


@contextmanager
def rolled_back_unit(engine: Engine, *, translate: Translate = untranslated) -> Iterator[UnitOfWork]:
    """Open a unit of work whose commit is the release of a savepoint, all of which is rolled back after the block.

    Fast, and right for services. Other connections do not see the rows, and deferred constraints do not speak: tests of
    commits, of concurrency and of always-writes need a real engine.
    """
    with engine.connect() as connection:
        transaction = connection.begin()
        unit = UnitOfWork(connection, translate=translate)
        try:
            yield unit
        finally:
            unit.rollback()
            unit.remove()
            transaction.rollback()


def checked_out(engine: Engine) -> int:
    """Return how many connections of `engine` are out. Engines without a pool keep none, and count as 0."""
    return engine.pool.checkedout() if isinstance(engine.pool, QueuePool) else 0


def assert_nothing_checked_out(engine: Engine) -> None:
    """Raise `AssertionError` if a connection of `engine` is out."""
    out = checked_out(engine)
    assert out == 0, f"{out} connections are checked out"


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """Collect every statement that `engine` sends during the block, in order."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)

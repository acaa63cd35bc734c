"""What it costs to keep a GET from writing: `python -m tests.benchmarks.read_only`.

Two ways, in turns and on the same pool: a read-only transaction, in which PostgreSQL refuses the statement that writes,
or a question at the end, whether the transaction was given an id. Besides, what a write costs with and without the unit
of work, which remembers this id.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from mealplanner.db import UnitOfWork
from mealplanner.db.engines import pooled_engine
from mealplanner.embedded_postgres.server import EmbeddedPostgres

ROUNDS = 3000
READ = text("SELECT count(*) FROM things")
WRITE = text("UPDATE things SET size = size + 1")
QUESTION = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")


def read_only(engine: Engine) -> None:
    """Read as a GET does now."""
    unit = UnitOfWork(engine, read_only=True)
    unit.session.execute(READ)
    unit.commit()
    unit.remove()


def asked_at_the_end(engine: Engine) -> None:
    """Read, and ask whether that was all."""
    unit = UnitOfWork(engine)
    unit.session.execute(READ)
    assert not unit.session.scalar(QUESTION)
    unit.commit()
    unit.remove()


def watched_write(engine: Engine) -> None:
    """Write in a unit of work."""
    unit = UnitOfWork(engine)
    unit.session.execute(WRITE)
    unit.commit()
    unit.remove()


def bare_write(engine: Engine) -> None:
    """Write in a transaction of SQLAlchemy's."""
    with engine.begin() as connection:
        connection.execute(WRITE)


def main() -> None:
    """Print the median of each way, in microseconds, and their ratios."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}) as server:
        engine = pooled_engine(server.url().render_as_string(hide_password=False))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE things (size integer)"))
            connection.execute(text("INSERT INTO things VALUES (0)"))
        for one, other in ((read_only, asked_at_the_end), (bare_write, watched_write)):
            first, second = in_turns(engine, one, other)
            print(f"{one.__name__:>12} {first:6.0f} us   {other.__name__:>16} {second:6.0f} us   {second / first:.2f}")
        engine.dispose()


def in_turns(engine: Engine, *ways: Callable[[Engine], None]) -> list[float]:
    """Return the median time of each way in microseconds, measured beside each other."""
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, taken in zip(ways, times, strict=True):
            started = time.perf_counter()
            way(engine)
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) * 1e6 for taken in times]


if __name__ == "__main__":
    main()

"""A plugin for pytest that notes every statement which the application sends while its tests run:

    pytest -p tests.benchmarks.recorder --statements FILE

FILE gets one JSON string for each, besides those that are there already; `tests.benchmarks.plans` reads it. Statements
of the queue's library are among them; what a test asks by itself, and what a program does that a test starts, is not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event

from mealplanner.db.engines import _Observed

ROOT: Final = f"{Path(__file__).parents[2]}/"
BESIDE: Final = tuple(f"{ROOT}{folder}" for folder in ("mealplanner/db/", "tests/benchmarks/recorder.py", ".venv/"))
"""Code that sends what other code asks for."""

Note = Callable[[str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--statements", type=Path, required=True, help="the file to add statements to")


def pytest_configure(config: pytest.Config) -> None:
    """Record until the end of the run. Each statement is written at once, so that a run may be cut short."""
    path: Path = config.getoption("--statements")
    known = read(path) if path.exists() else set()

    def note(statement: str) -> None:
        if statement not in known:
            known.add(statement)
            with path.open("a") as file:
                file.write(f"{json.dumps(statement)}\n")

    recording = recorded(note)
    recording.__enter__()
    config.add_cleanup(lambda: recording.__exit__(None, None, None))


def read(path: Path) -> set[str]:
    """Return the statements of a file."""
    return {json.loads(line) for line in path.read_text().splitlines()}


@contextmanager
def recorded(note: Note) -> Iterator[None]:
    """Call `note` during the block with each statement that the application sends from this process."""

    def by_sqlalchemy(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if isinstance(connection.engine.pool, _Observed) and not _asked_by_a_test():
            note(statement)

    def noting(execute: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: Any, query: Any, *values: Any, **options: Any) -> Any:
            name = cursor.connection.info.parameter_status("application_name") or ""
            if isinstance(query, str) and name.startswith("mealplanner") and not _asked_by_a_test():
                note(query)
            return execute(cursor, query, *values, **options)

        return noted

    event.listen(Engine, "before_cursor_execute", by_sqlalchemy)
    try:
        with pytest.MonkeyPatch.context() as patch:  # the queue's library speaks to the driver itself
            for cursor in (psycopg.Cursor, psycopg.AsyncCursor):
                patch.setattr(cursor, "execute", noting(cursor.execute))
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", by_sqlalchemy)


def _asked_by_a_test() -> bool:
    """Return whether the innermost code of this project that asks, rather than passes on, is a test's."""
    frame = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(ROOT) and not path.startswith(BESIDE):
            return path.startswith(f"{ROOT}tests/")
        frame = frame.f_back  # type: ignore[assignment]
    return False

"""A plugin for pytest that notes every statement which the application sends while its tests run:

    pytest -p tests.benchmarks.recorder --statements FILE

FILE gets one JSON string for each, besides those that are there already; `tests.benchmarks.plans` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from mealplanner.db.engines import _Observed


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--statements", type=Path, required=True, help="the file to add statements to")


def pytest_configure(config: pytest.Config) -> None:
    """Record until the end of the run."""
    found: set[str] = set()
    recording = recorded(found)
    recording.__enter__()

    def finish() -> None:
        recording.__exit__(None, None, None)
        path: Path = config.getoption("--statements")
        known = read(path) if path.exists() else set()
        path.write_text("".join(f"{json.dumps(statement)}\n" for statement in sorted(known | found)))

    config.add_cleanup(finish)


@contextmanager
def recorded(found: set[str]) -> Iterator[None]:
    """Add the statements of the block to `found`."""

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if isinstance(connection.engine.pool, _Observed):  # those of the tests are not
            found.add(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def read(path: Path) -> set[str]:
    """Return the statements of a file."""
    return {json.loads(line) for line in path.read_text().splitlines()}

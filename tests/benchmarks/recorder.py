"""A plugin for pytest that notes every statement which the application sends while its tests run:

    pytest -p tests.benchmarks.recorder --statements FILE

FILE gets one JSON string for each, besides those that are there already; `tests.benchmarks.plans` reads it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from mealplanner.db.engines import _Observed


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--statements", type=Path, required=True, help="the file to add statements to")


def pytest_configure(config: pytest.Config) -> None:
    """Record until the end of the run. Each statement is written at once, so that a run may be cut short."""
    path: Path = config.getoption("--statements")
    known = read(path) if path.exists() else set()

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if isinstance(connection.engine.pool, _Observed) and statement not in known:  # those of the tests are not
            known.add(statement)
            with path.open("a") as file:
                file.write(f"{json.dumps(statement)}\n")

    event.listen(Engine, "before_cursor_execute", note)
    config.add_cleanup(lambda: event.remove(Engine, "before_cursor_execute", note))


def read(path: Path) -> set[str]:
    """Return the statements of a file."""
    return {json.loads(line) for line in path.read_text().splitlines()}

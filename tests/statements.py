"""The statements that a block of a test causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from mealplanner.storage.database import Database


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Collect the statements of the block, without the unit of work's own question whether it wrote."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "pg_current_xact_id" not in statement:
            statements.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)

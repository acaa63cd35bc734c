"""Columns are described when they are looked at."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from mealplanner.db.cursors import LazyCursor
from mealplanner.storage.database import Database


def test_a_cursor_describes_its_columns(database: Database) -> None:
    """As the driver does: a list of columns, and nothing for a statement without a result."""

    def look(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        columns = driver.execute("SELECT 1 AS one, 'x' AS other").description
        assert [column.name for column in columns] == ["one", "other"]
        assert (len(columns), columns[1].name) == (2, "other")
        assert driver.execute("SET LOCAL work_mem = '4MB'").description is None
        assert driver.cursor().description is None

    database.run(look)


def test_the_columns_of_a_query_are_described_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy keeps what it has seen of a query."""
    database.run(lambda session: session.scalar(select(literal(1))))  # connects, and SQLAlchemy asks for the version
    described, real = [], LazyCursor.described

    def counted(cursor: LazyCursor) -> Any:
        described.append(cursor)
        return real(cursor)

    monkeypatch.setattr(LazyCursor, "described", counted)
    query = select(literal("soup").label("dish"), literal(4).label("people"))
    for _ in range(3):
        assert database.run(lambda session: session.execute(query).one()._asdict()) == {"dish": "soup", "people": 4}
    assert len(described) == 1

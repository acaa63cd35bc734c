"""Connections for work that takes as long as it takes, and how many rows each table has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from mealplanner.db.limits import CONNECT_SECONDS

Connection = psycopg.Connection[tuple[Any, ...]]

_NO_LIMITS = (
    "SET statement_timeout = 0; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = 0; "
    "SET timezone = 'UTC'"
)

_TABLES = """
    SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    ORDER BY nspname, relname
"""


def parameters(database_url: str) -> Mapping[str, Any]:
    """Return the address as libpq's parameters."""
    url = make_url(database_url)
    _, found = url.get_dialect()().create_connect_args(url)
    return dict(found)


@contextmanager
def connected(database_url: str) -> Iterator[Connection]:
    """Yield a connection without the limits that requests have; each statement is a transaction unless one is begun."""
    arguments = {**parameters(database_url), "connect_timeout": CONNECT_SECONDS, "application_name": "backup"}
    with psycopg.connect(**arguments, autocommit=True) as connection:
        connection.execute(_NO_LIMITS)
        yield connection


def rows_of_tables(connection: Connection) -> dict[str, int]:
    """Return how many rows each table of the database has, as the transaction sees it."""
    tables = connection.execute(_TABLES).fetchall()
    return {".".join(table): _rows(connection, sql.Identifier(*table)) for table in tables}


def _rows(connection: Connection, table: sql.Identifier) -> int:
    counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
    assert counted is not None
    return int(counted[0])

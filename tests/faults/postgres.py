"""A PostgreSQL that a test may harm, and what it sees of the application's backends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.waiting import PATIENCE, eventually

CONNECTIONS = 150
"""That the server takes."""

SETTINGS = {"fsync": "off", "max_connections": str(CONNECTIONS), "deadlock_timeout": "50ms"}
"""Without fsync a crash of the server loses nothing, as long as the machine stands."""

SCHEMA = """
    CREATE TABLE marks (name text PRIMARY KEY, value int NOT NULL DEFAULT 0);

    CREATE FUNCTION fail_as(state text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'on purpose' USING ERRCODE = state;
    END $$;

    CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.name = 'late cut' THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
        PERFORM fail_as(substr(NEW.name, 6));
        RETURN NULL;
    END $$;

    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON marks DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.name LIKE 'late %') EXECUTE FUNCTION fail_at_commit();

    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(1);
        RETURN NULL;
    END $$;

    CREATE TRIGGER gate AFTER INSERT ON meals FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate();
"""
"""Marks are rows for views to write. One called 'late 53100' fails as that when its transaction commits, and 'late cut'
cuts the connection then.

A transaction that stores meals waits for lock 1 in its middle.
"""

HELD = """
    SELECT format('backend %s is %s since "%s"', pid, state, left(query, 200))
    FROM pg_stat_activity
    WHERE application_name = 'mealplanner' AND state <> 'idle'
    UNION ALL
    SELECT format('backend %s has a %s on %s', pid, mode, coalesce(relation::regclass::text, locktype))
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE application_name = 'mealplanner'
"""

HALF_WRITTEN = """
    SELECT format('menu %s is %s and has %s meals', menus.id, status, count(meals.id))
    FROM menus LEFT JOIN meals ON meals.menu_id = menus.id
    GROUP BY menus.id
    HAVING (status = 'ready') <> (count(meals.id) = 4 * days)
"""
"""A menu has its four meals a day or none; other numbers are halves, or two of them."""

OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'mealplanner'"


def _connected(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the server has not closed `connection` yet."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


class Postgres:
    """A server, observed from outside: each look has a connection of its own."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        address = server.url()
        self.url = address.render_as_string(hide_password=False)
        self._conninfo = make_conninfo(
            user=address.username,
            dbname=address.database,
            host=str(server.socket),
            port=str(address.query["port"]),
            application_name="faults",
            connect_timeout=int(PATIENCE),
        )

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection in autocommit; raise if it is refused."""
        return psycopg.connect(self._conninfo, autocommit=True)

    def run(self, statement: Any) -> list[Any]:
        """Run one or more statements; return the first column of the last one's result."""
        with self.connect() as connection:
            cursor = connection.execute(statement)
            return [row[0] for row in cursor] if cursor.description else []

    def held(self) -> list[str]:
        """Return what the application's backends hold at the moment; empty when it is idle."""
        return self.run(HELD)

    def half_written(self) -> list[str]:
        """Return the menus that are neither whole nor without meals."""
        return self.run(HALF_WRITTEN)

    def backends(self) -> list[int]:
        """Return the pids of the application's connections."""
        return self.run(OURS)

    def marks(self) -> dict[str, int]:
        """Return the committed marks."""
        with self.connect() as connection:
            return dict(connection.execute("SELECT name, value FROM marks").fetchall())

    def waiting(self, backend: str) -> bool:
        """Return whether a backend waits for a lock."""
        return bool(self.run(f"SELECT pid FROM pg_locks WHERE pid = {backend} AND NOT granted"))

    def storing_meals(self) -> list[int]:
        """Return the backends that wait where meals are stored."""
        return self.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted")

    @contextmanager
    def locked(self, statement: str) -> Iterator[None]:
        """Hold what `statement` locks, in a transaction that is open during the block."""
        with self.connect() as connection, connection.transaction():
            connection.execute(statement.encode())
            yield

    def terminate(self) -> None:
        """End every connection of the application, and return when they are gone."""
        self.run(f"SELECT pg_terminate_backend(pid, 10000) FROM ({OURS}) AS ours")

    def crash(self) -> None:
        """Kill one backend, for which PostgreSQL ends all others; return when it has recovered."""
        with self.connect() as victim, self.connect() as witness:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            eventually(lambda: not _connected(witness), "the end of every connection")
        eventually(self._answers, "the recovery")

    def _answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it, with every connection."""
        self._server.release()

    def start(self) -> None:
        """Start it and return when it answers."""
        self._server.acquire()

    def restart(self) -> None:
        self.stop()
        self.start()

    def clean(self) -> None:
        """Delete what a test wrote."""
        self.run("DELETE FROM meals; DELETE FROM menus; DELETE FROM recipes; DELETE FROM users; DELETE FROM marks")
        self.run("DELETE FROM procrastinate_jobs")

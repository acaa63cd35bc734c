"""The embedded PostgreSQL on a disk that fills up: once there is room again, it works again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mealplanner.embedded_postgres.keeper import kept_running
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.embedded_postgres.visitors import FAST, ask, connect, processes
from tests.waiting import eventually

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk"),
]


@pytest.fixture
def disk(reachable_folder: Path) -> Iterator[Path]:
    """A disk of 120 MB, of which the server needs some 40."""
    folder = reachable_folder / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120m,mode=755", "tmpfs", folder], check=False)
    if mounted.returncode != 0:
        pytest.skip("this system does not let root mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file: Path) -> None:
    """Write zeros until there is no room left."""
    with file.open("wb", buffering=0) as zeros, suppress(OSError):
        while True:
            zeros.write(bytes(1 << 16))


def works(server: EmbeddedPostgres) -> bool:
    """Whether it answers and stores."""
    try:
        return bool(ask(server, "INSERT INTO meals SELECT 'stew' RETURNING true"))
    except psycopg.Error:
        return False


def test_a_table_that_cannot_grow_can_grow_again(disk: Path) -> None:
    """The statement fails; the server stays."""
    with EmbeddedPostgres(disk / "postgres", settings=FAST) as server, connect(server) as connection:
        connection.execute("CREATE TABLE meals AS SELECT 'soup' AS name")
        fill(disk / "filler")
        with pytest.raises(psycopg.errors.DiskFull):
            connection.execute("INSERT INTO meals SELECT 'soup' FROM generate_series(1, 100000)")
        (disk / "filler").unlink()
        assert works(server)


def test_a_server_that_ended_for_want_of_room_is_started_once_there_is_some(disk: Path) -> None:
    """Without room for its log of changes PostgreSQL ends, and so does every attempt to recover."""
    with EmbeddedPostgres(disk / "postgres", settings=FAST) as server:
        with connect(server) as connection:
            connection.execute("CREATE TABLE meals AS SELECT 'soup' AS name")
            with kept_running(server):
                fill(disk / "filler")
                with suppress(psycopg.Error):
                    while True:
                        connection.execute("INSERT INTO meals SELECT 'stew' FROM generate_series(1, 100)")
                        connection.execute("SELECT pg_switch_wal()")
                eventually(lambda: not processes(server), "the end of the server")
                (disk / "filler").unlink()
                eventually(lambda: works(server), "the server to work again")
        assert ask(server, "SELECT count(*) FROM meals WHERE name = 'soup'") == 1

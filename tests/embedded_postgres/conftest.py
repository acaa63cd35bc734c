"""The embedded PostgreSQL under test, and other processes that use it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from mealplanner.embedded_postgres.server import EmbeddedPostgres
from tests.embedded_postgres.visitors import FAST, Visit, Visitor


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """An empty folder that PostgreSQL's user can enter; pytest's own are closed to it when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    yield folder
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):  # left behind by a test that failed
                process.kill()
    shutil.rmtree(folder)


@pytest.fixture
def root(reachable_folder: Path) -> Path:
    """The folder of the server under test."""
    return reachable_folder / "postgres"


@pytest.fixture
def postgres(root: Path) -> Iterator[EmbeddedPostgres]:
    """The server under test, not acquired yet."""
    postgres = EmbeddedPostgres(root, settings=FAST)
    yield postgres
    postgres.release()


@pytest.fixture
def visit(root: Path) -> Iterator[Visit]:
    """Start other users of the server in `root`."""
    visitors: list[Visitor] = []

    def start(*arguments: str | Path) -> Visitor:
        visitors.append(Visitor(root, *arguments))
        return visitors[-1]

    yield start
    for visitor in visitors:
        if visitor.process.returncode is None:
            visitor.kill()

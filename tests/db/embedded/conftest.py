"""A place for the embedded PostgreSQL under test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest


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

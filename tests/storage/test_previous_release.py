"""Code of the release before works beside today's schema, so that an upgrade needs no outage and code can go back."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from mealplanner.storage.migrations import upgrade

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[2]

PREVIOUS = "f8a692d50361501c0ba3aee657926bf7dc5b6c22"
"""The commit of the release before. Set it to the last one of a release when the next begins."""


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package as it was; skip where the history is not there, as in a shallow clone."""
    archive = subprocess.run(["git", "archive", PREVIOUS, "mealplanner"], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"the history has no {PREVIOUS}: {archive.stderr.decode()}")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize("release", ["previous", "today's"])
def test_a_release_lives_with_the_newest_schema(release: str, previous: Path, empty_url: str, tmp_path: Path) -> None:
    upgrade(empty_url)
    package = previous if release == "previous" else ROOT
    environment = {
        **os.environ,
        "PYTHONPATH": str(package),
        "DATABASE_URL": empty_url,
        "SECRET_KEY": "only for tests, and long enough",
        "MEALPLANNER_DATA_DIR": str(tmp_path),
    }
    program = Path(__file__).with_name("daily_life.py")
    day = subprocess.run([sys.executable, program], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert day.stdout.endswith("well\n"), day.stderr[-3000:]

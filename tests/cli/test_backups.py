"""`mealplanner backup` and `restore`, as an operator runs them, and the backups that `mealplanner up` makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Client, Installation, data_directory, run
from tests.waiting import eventually

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Return a data directory that survives several starts."""
    with data_directory() as folder:
        yield folder


def test_up_makes_backups_and_one_of_them_brings_the_account_back(data: Path) -> None:
    """It is restored while nothing runs, after everything was lost."""
    folder = data / "backups"
    running = Installation(data, MEALPLANNER_BACKUP_HOURS="0.001", MEALPLANNER_BACKUP_KEEP="2").await_ready()
    made = run("user", "create", "ann@example.org", MEALPLANNER_DATA_DIR=str(data))
    assert made.returncode == 0, made.stderr

    before = set(folder.glob("*.dump"))
    eventually(lambda: len(set(folder.glob("*.dump")) - before) == 2, "two backups with the account")
    _, shown = Client(running.address).get("/metrics", accept="text/plain")
    assert 'mealplanner_backups_total{outcome="failed"} 0.0' in shown
    assert running.stop() == 0

    kept = sorted(folder.glob("*.dump"))
    assert len(kept) <= 3, "two, and one that was just made"
    with data_directory() as elsewhere:
        for arguments in (["restore", str(kept[-1])], ["user", "disable", "ann@example.org"]):
            done = run(*arguments, MEALPLANNER_DATA_DIR=str(elsewhere))
            assert done.returncode == 0, done.stderr
        again = run("restore", str(kept[-1]), MEALPLANNER_DATA_DIR=str(elsewhere))
        assert (again.returncode, "not empty" in again.stderr) == (1, True)


def test_a_backup_that_fails_is_logged_and_counted(data: Path) -> None:
    """The disk for it is not there, say; pages are served all the same."""
    with data_directory() as elsewhere:
        (elsewhere / "disk").symlink_to(elsewhere / "not mounted")
        settings = {"MEALPLANNER_BACKUP_HOURS": "0.0003", "MEALPLANNER_BACKUP_DIR": str(elsewhere / "disk" / "x")}
        running = Installation(data, **settings).await_ready()
        client = Client(running.address)
        failed = 'mealplanner_backups_total{outcome="failed"}'

        def count() -> float:
            _, shown = client.get("/metrics", accept="text/plain")
            return sum(float(line.split()[-1]) for line in shown.splitlines() if line.startswith(failed))

        try:
            eventually(lambda: count() >= 1, "a backup that failed")
            assert "no backup can be made" in running.said()
            assert client.get("/healthz")[0] == 200
        finally:
            code = running.stop()
        assert code == 0

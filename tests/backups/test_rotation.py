"""When a backup is due, and which are kept."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from mealplanner.backups.rotation import backups_in, begun_at, first_due, name_at, prune

NOON = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def test_a_name_says_when_it_was_begun() -> None:
    assert begun_at(Path("/backups") / name_at(NOON)) == NOON


@pytest.mark.parametrize(
    ("newest", "due"),
    [
        (None, NOON + HOUR / 6),
        (NOON - 2 * HOUR, NOON - 2 * HOUR + DAY),
        (NOON - 3 * DAY, NOON + HOUR / 6),
    ],
)
def test_a_start_goes_on_where_the_one_before_stopped(newest: datetime.datetime | None, due: datetime.datetime) -> None:
    """Restarting often makes neither more backups nor fewer."""
    assert first_due(newest, every=DAY, start=NOON) == due


def test_the_newest_are_kept_and_other_files_stay(tmp_path: Path) -> None:
    names = [name_at(NOON - day * DAY) for day in range(4)]
    others = ["mealplanner-before-the-move.dump", "notes.txt"]
    for name in [*names, *others]:
        (tmp_path / name).touch()
    prune(tmp_path, keep=2, now=NOON)
    assert backups_in(tmp_path) == [tmp_path / names[1], tmp_path / names[0]]
    assert {file.name for file in tmp_path.iterdir()} == {*names[:2], *others}


def test_what_a_killed_process_left_is_deleted_after_a_day(tmp_path: Path) -> None:
    left, growing = (tmp_path / f".{name_at(NOON)}.{word}.part" for word in ("left", "growing"))
    for draft, age in ((left, 2 * DAY), (growing, HOUR)):
        draft.touch()
        os.utime(draft, times=(NOON.timestamp(), (NOON - age).timestamp()))
    prune(tmp_path, keep=1, now=NOON)
    assert list(tmp_path.iterdir()) == [growing]

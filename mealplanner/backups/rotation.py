"""Backups at regular times in one folder, of which the newest are kept. A name says when its backup was begun (UTC)."""

from __future__ import annotations

import datetime
from pathlib import Path

from mealplanner.backups.making import DRAFT

_NAME = "mealplanner-%Y%m%dT%H%M%SZ.dump"

QUIET = datetime.timedelta(minutes=10)
"""How long a start has the machine for itself before the first backup."""

AGAIN = datetime.timedelta(hours=1)
"""How long after a failure the next attempt comes, at most."""


def name_at(now: datetime.datetime) -> str:
    """Return the name of a backup that begins now."""
    return now.strftime(_NAME)


def begun_at(file: Path) -> datetime.datetime:
    """Return when a backup was begun. Raise `ValueError` for a file with another name."""
    return datetime.datetime.strptime(file.name, _NAME).replace(tzinfo=datetime.UTC)


def backups_in(folder: Path) -> list[Path]:
    """Return the backups in `folder`, the oldest first. Other files are none of them."""
    return sorted(file for file in folder.glob("mealplanner-*.dump") if _is_ours(file))


def _is_ours(file: Path) -> bool:
    try:
        begun_at(file)
    except ValueError:
        return False
    return True


def first_due(
    newest: datetime.datetime | None, *, every: datetime.timedelta, start: datetime.datetime
) -> datetime.datetime:
    """Return when the first backup after a start is due: as if there had been no stop, but not at once."""
    quiet = start + min(QUIET, every)
    return quiet if newest is None else max(quiet, newest + every)


def prune(folder: Path, *, keep: int, now: datetime.datetime) -> None:
    """Delete all but the newest backups, and what a killed process left half written."""
    for file in backups_in(folder)[:-keep]:
        file.unlink()
    yesterday = (now - datetime.timedelta(days=1)).timestamp()
    for draft in folder.glob(f".mealplanner-*{DRAFT}"):
        if draft.stat().st_mtime < yesterday:
            draft.unlink()

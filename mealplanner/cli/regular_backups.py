"""The backups that `mealplanner up` makes, each by a process of its own."""

from __future__ import annotations

import datetime
import logging
import subprocess
from collections.abc import Callable
from pathlib import Path

from mealplanner.backups.rotation import AGAIN, backups_in, begun_at, first_due, name_at, prune
from mealplanner.config import Config
from mealplanner.telemetry import metrics

log = logging.getLogger(__name__)

Start = Callable[[Path], "subprocess.Popen[bytes]"]


class RegularBackups:
    """Makes a backup every `config.backup_hours`, and keeps the newest `config.backup_keep`.

    `start` begins to make one in a process, whose exit code is 0 when it is whole.
    """

    def __init__(self, config: Config, start: Start, *, now: datetime.datetime) -> None:
        self._folder = config.backup_dir or config.data_dir / "backups"
        self._every = datetime.timedelta(hours=config.hours_between_backups)
        self._keep, self._start = config.backup_keep, start
        self._running: subprocess.Popen[bytes] | None = None
        newest = self._newest()
        self._due = first_due(newest, every=self._every, start=now)

    @property
    def running(self) -> bool:
        """Whether a process makes one at the moment, as far as `look` knows."""
        return self._running is not None

    def look(self, now: datetime.datetime) -> None:
        """Begin a backup that is due, and note how one ended. Call this often."""
        if not self._every:
            return
        if self._running is not None:
            code = self._running.poll()
            if code is not None:
                self._running = None
                self._ended(code, now)
        elif now >= self._due:
            self._begin(now)

    def _begin(self, now: datetime.datetime) -> None:
        self._due = now + self._every
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._running = self._start(self._folder / name_at(now))
        except OSError as error:
            log.error("no backup can be made in %s: %s", self._folder, error.strerror)
            self._failed(now)

    def _ended(self, code: int, now: datetime.datetime) -> None:
        if code != 0:
            log.error("the backup was not made; the line above says why")
            self._failed(now)
            return
        metrics.BACKUPS.labels("made").inc()
        self._newest()
        prune(self._folder, keep=self._keep, now=now)

    def _failed(self, now: datetime.datetime) -> None:
        metrics.BACKUPS.labels("failed").inc()
        self._due = now + min(self._every, AGAIN)

    def _newest(self) -> datetime.datetime | None:
        """Return when the newest backup was begun, and show it as a metric."""
        found = backups_in(self._folder)
        if not found:
            return None
        newest = begun_at(found[-1])
        metrics.BACKUP_NEWEST.set(newest.timestamp())
        return newest

"""How long the longest works take in a large database: `python -m tests.benchmarks.housekeeping FOLDER`.

FOLDER is one that `tests.benchmarks.fill` has filled. Times the daily retention, with much to delete and with nothing,
the sweep of the queue, the export of the first account, which has many menus, and the deletion of that account and of
an ordinary one. What was deleted is gone: fill another folder to measure again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mealplanner import create_app
from mealplanner.config import Config, Rollout
from mealplanner.db.base import Base
from mealplanner.jobs.sweep import sweep
from mealplanner.jobs.tasks import JobContext
from mealplanner.retention.job import tidy
from mealplanner.storage.database import Database
from tests.benchmarks.fill import server_in
from tests.visitor import PASSWORD, Visitor

GONE = {"sure": "true", "present_password": PASSWORD}


def main() -> None:
    """Print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the private PostgreSQL is that `fill` has filled")
    parser.add_argument("--database-url", help="a filled database instead of the one in the folder")
    options = parser.parse_args()
    with server_in(options.folder, options.database_url) as url:
        config = Config(
            database_url=url,
            data_dir=options.folder,
            secret_key="only for this measurement",
            rollout=Rollout(everything=True),
            log_level="INFO",
        )
        database = Database(config)
        app = create_app(config, database)
        first, second = Visitor(app, "person-1@example.org"), Visitor(app, "person-2@example.org")
        try:
            _measure(database, first, second)
        finally:
            database.dispose()


def _measure(database: Database, first: Visitor, second: Visitor) -> None:
    before = database.run(_rows)
    _timed("retention, with what is old", lambda: tidy(JobContext(database=database)))
    after = database.run(_rows)
    print({name: before[name] - after[name] for name in before if before[name] != after[name]}, flush=True)
    _timed("retention, with nothing that is old", lambda: tidy(JobContext(database=database)))
    _timed("sweep of the queue", lambda: sweep(JobContext(database=database)))
    for person in (first, second):
        assert person.sign_in().status_code == 303
        _timed(f"export of {person.email}", lambda person=person: _export(person))  # type: ignore[misc]
        _timed(f"deletion of {person.email}", lambda person=person: _delete(person))  # type: ignore[misc]


def _timed(what: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    found = work()
    print(f"{time.monotonic() - began:7.1f} s  {what}{f' ({found})' if found else ''}", flush=True)


def _rows(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def _export(person: Visitor) -> str:
    answer = person.get("/auth/account/export")
    assert answer.status_code == 200
    return f"{len(answer.data) / 1e6:.1f} MB"


def _delete(person: Visitor) -> None:
    assert person.post("/auth/account/delete", GONE).status_code == 303


if __name__ == "__main__":
    main()

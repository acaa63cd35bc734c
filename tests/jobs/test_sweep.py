"""Jobs that ended long ago are deleted, by one worker for all."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from mealplanner.jobs import sweep as sweeping
from mealplanner.jobs.queue import enqueue
from mealplanner.jobs.sweep import Retention, sweep
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.storage.database import Database
from tests.jobs.workers import jobs

TASK = Task(name="kitchen.boil", run=print)

Ended = Callable[..., int]


@pytest.fixture
def ended(database: Database, engine: Engine) -> Ended:
    """Return a function that stores a job of a status, enqueued and ended some hours ago, and returns its id."""

    def store(status: str, *, hours: float, ended_hours: float | None = None) -> int:
        number = database.run(lambda session: enqueue(session, TASK))
        with engine.begin() as connection:
            for of, status_then in ((hours, "doing"), (hours if ended_hours is None else ended_hours, status)):
                values = {"id": number, "status": status_then, "hours": of}
                connection.execute(text("UPDATE procrastinate_jobs SET status = :status WHERE id = :id"), values)
                aged = "UPDATE procrastinate_events SET at = now() - make_interval(mins => CAST(60 * :hours AS int))"
                connection.execute(text(f"{aged} WHERE job_id = :id AND at > now() - interval '1 minute'"), values)
        return number

    return store


@pytest.mark.parametrize(
    ("status", "hours", "kept"),
    [
        ("succeeded", 25, False),
        ("cancelled", 25, False),
        ("aborted", 25, False),
        ("succeeded", 23, True),
        ("failed", 25, True),
        ("failed", 24 * 7 + 1, False),
        ("todo", 24 * 30, True),
        ("doing", 24 * 30, True),
    ],
)
def test_a_job_is_kept_for_a_time_after_its_end(
    database: Database, engine: Engine, ended: Ended, status: str, hours: float, kept: bool
) -> None:
    """Failed ones for longer, and those that have not ended for as long as they take."""
    ended(status, hours=hours)
    sweep(JobContext(database=database))
    assert len(jobs(engine)) == kept


def test_what_ended_lately_is_kept_however_old_it_is(database: Database, engine: Engine, ended: Ended) -> None:
    ended("succeeded", hours=100, ended_hours=1)
    sweep(JobContext(database=database))
    assert jobs(engine) == [("succeeded",)]


def test_all_pages_are_swept(database: Database, engine: Engine, ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in a transaction of its own; the walk goes on past jobs that are kept."""
    monkeypatch.setattr(sweeping, "PAGE", 2)
    kept = [ended("todo", hours=99) for _ in range(3)]
    for _ in range(4):
        ended("succeeded", hours=48)
    kept.append(ended("succeeded", hours=1))
    sweep(JobContext(database=database))
    assert jobs(engine, "id") == [(number,) for number in kept]


def test_a_sweep_ends_with_the_first_page_of_recent_jobs(
    database: Database, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it does not read all the jobs of a day."""
    monkeypatch.setattr(sweeping, "PAGE", 1)
    for _ in range(5):
        ended("succeeded", hours=1)
    pages = []

    def count(session: object, **arguments: object) -> tuple[int, int, bool]:
        pages.append(arguments)
        return page(session, **arguments)  # type: ignore[arg-type]

    page = sweeping._delete_page
    monkeypatch.setattr(sweeping, "_delete_page", count)
    sweep(JobContext(database=database))
    assert len(pages) == 1


def test_workers_that_died_long_ago_are_forgotten(database: Database, engine: Engine) -> None:
    with engine.begin() as connection:
        for minutes in (1, 61):
            worker = connection.scalar(
                text(
                    "INSERT INTO procrastinate_workers (last_heartbeat)"
                    f" VALUES (now() - interval '{minutes} minutes') RETURNING id"
                )
            )
            values = {"id": worker, "pid": minutes}
            connection.execute(
                text("INSERT INTO queue_workers (worker_id, host, pid, lanes) VALUES (:id, 'here', :pid, '[]')"), values
            )
    sweep(JobContext(database=database), retention=Retention(finished=datetime.timedelta()))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT pid FROM queue_workers")).all() == [(1,)]
        connection.execute(text("DELETE FROM procrastinate_workers"))

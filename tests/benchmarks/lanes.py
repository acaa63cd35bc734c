"""What waits for what in the queue: `python -m tests.benchmarks.lanes`, from the root, in ten minutes.

Real `mealplanner worker` processes work on a database of their own, for people with the tastes of `profiles`. The table
has the menus of seven days that a worker makes a minute with 1, 2 and 4 at a time, and the CPU time of each: of the
worker with the processes that it starts, and of PostgreSQL. Below it stands how long mails for forgotten passwords wait
while a worker has many menus to make.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import psutil
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from mealplanner.auth.jobs import FORGOTTEN, forgotten_lock
from mealplanner.auth.models import User
from mealplanner.config import Config
from mealplanner.embedded_postgres.server import EmbeddedPostgres
from mealplanner.jobs.queue import enqueue
from mealplanner.mail.models import Mail
from mealplanner.menu.generation.job import GENERATE
from mealplanner.menu.models import IN_FLIGHT, Menu
from mealplanner.storage.database import Database
from mealplanner.storage.migrations import upgrade
from tests.benchmarks.model_menus import MONDAY, tastes
from tests.benchmarks.profiles import PROFILES
from tests.benchmarks.tables import markdown, share
from tests.factories import MenuFactory, UserFactory, use_session
from tests.installation import postgres_of

WEEKLY = [profile for profile in PROFILES if profile.days == 7]
LOOK = 0.02
"""Seconds between two looks at the database."""


def main() -> None:
    """Run the benchmark and print the tables."""
    parser = argparse.ArgumentParser(description="Measures how menus and mails wait in the queue.")
    parser.add_argument("--menus", type=int, default=60, help="to make for each row of the first table (default 60)")
    parser.add_argument("--backlog", type=int, default=200, help="menus that wait while mails are sent (default 200)")
    parser.add_argument("--mails", type=int, default=20, help="to send meanwhile, one after the other (default 20)")
    parser.add_argument("--at-once", type=int, nargs="*", default=[1, 2, 4], help="menus at a time (default 1 2 4)")
    options = parser.parse_args()
    with installation() as site:
        print(f"{os.cpu_count()} cores, {options.menus} menus of seven days a row\n")
        rows = [made(site, options.menus, at_once) for at_once in options.at_once]
        print("\n".join(markdown(HEAD, rows)))
        if options.mails:
            waits = waited(site, options.backlog, options.mails)
            print(
                f"\nwith {options.backlog} menus queued, a mail waits, in seconds: "
                f"p50 {share(waits, 0.5):.2f}, p95 {share(waits, 0.95):.2f}, worst {max(waits):.2f}"
            )


HEAD = ("at a time", "menus a minute", "a minute and core", "CPU s a menu", "worker", "database", "MB at most")


@dataclass(frozen=True)
class Site:
    """A database, and the folder of its data."""

    folder: Path
    config: Config
    database: Database


@contextmanager
def installation() -> Iterator[Site]:
    """Start a new PostgreSQL; leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="mealplanner-lanes-"))
    folder.chmod(0o755)  # for the database's unprivileged user
    try:
        with EmbeddedPostgres(folder / "postgres") as server:
            url = server.url().render_as_string(hide_password=False)
            upgrade(url)
            config = Config(database_url=url, data_dir=folder)
            database = Database(config)
            yield Site(folder, config, database)
            database.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def worker(site: Site, *options: str) -> Iterator[psutil.Process]:
    """Run `mealplanner worker` during the block."""
    assert site.config.database_url is not None
    environment = {
        **os.environ,
        "DATABASE_URL": site.config.database_url,
        "MEALPLANNER_DATA_DIR": str(site.folder),
        "MEALPLANNER_LOG_LEVEL": "ERROR",
    }
    environment.pop("OPENAI_API_KEY", None)
    process = subprocess.Popen([sys.executable, "-m", "mealplanner", "worker", *options], env=environment)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def made(site: Site, menus: int, at_once: int) -> list[str]:
    """Make `menus` menus, `at_once` at a time; return the row of the table. The first ones warm the worker up."""
    with worker(site, "--concurrency", str(at_once)) as process:
        ask_for_menus(site, 2 * at_once)
        until_made(site, 0)
        before, started = Usage.now(site, process), time.monotonic()
        ask_for_menus(site, menus)
        most = until_made(site, 0, process)
        seconds, used = time.monotonic() - started, Usage.now(site, process).since(before)
    rate, cores = 60 * menus / seconds, min(at_once, os.cpu_count() or 1)
    figures = (f"{rate:.1f}", f"{rate / cores:.1f}", f"{(used.worker + used.database) / menus:.2f}")
    return [str(at_once), *figures, f"{used.worker / menus:.2f}", f"{used.database / menus:.2f}", f"{most:.0f}"]


@dataclass(frozen=True)
class Usage:
    """Seconds of CPU, user and system."""

    worker: float
    database: float

    @classmethod
    def now(cls, site: Site, worker: psutil.Process) -> Usage:
        """Return what the worker with its children, and the database, have used so far."""
        return cls(cpu([worker, *worker.children(recursive=True)]), cpu(postgres_of(site.folder)))

    def since(self, before: Usage) -> Usage:
        """Return what was used since `before`."""
        return Usage(self.worker - before.worker, self.database - before.database)


def cpu(processes: Sequence[psutil.Process]) -> float:
    """Return the seconds of CPU of processes, and of their children that have ended."""
    total = 0.0
    for process in processes:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(worker: psutil.Process) -> float:
    """Return the megabytes that a worker and its children keep for themselves."""
    total = 0.0
    for process in [worker, *worker.children(recursive=True)]:
        with suppress(psutil.Error):
            total += process.memory_full_info().uss / 1e6
    return total


def ask_for_menus(site: Site, menus: int) -> None:
    """Queue menus, each for a new person."""

    wishes = [
        {"preferences": tastes(profile).as_dict(), "targets": asdict(profile.request(1).target)} for profile in WEEKLY
    ]

    def ask(session: Session) -> None:
        with use_session(session):
            for number in range(menus):
                menu = MenuFactory(
                    user=UserFactory(email=f"{uuid.uuid4()}@example.org"),
                    start_date=MONDAY,
                    seed=1 + number,
                    source="catalogue",
                    **wishes[number % len(wishes)],
                )
                menu.job_id = enqueue(session, GENERATE, menu_id=str(menu.id))

    site.database.run(ask)


def until_made(site: Site, left: int, worker: psutil.Process | None = None) -> float:
    """Wait until at most `left` menus are unfinished; return the most megabytes that the worker took."""
    unfinished = select(func.count()).select_from(Menu).where(Menu.status.in_(IN_FLIGHT))
    most = 0.0
    while site.database.run(lambda session: session.scalars(unfinished).one()) > left:
        time.sleep(0.2)
        if worker is not None:
            most = max(most, memory(worker))
    failed = select(func.count()).select_from(Menu).where(Menu.status == "failed")
    assert site.database.run(lambda session: session.scalars(failed).one()) == 0
    return most


def waited(site: Site, backlog: int, mails: int) -> list[float]:
    """Queue `backlog` menus, then have mails sent, one after the other; return how long each took, in seconds."""
    seconds = []
    with worker(site):
        ask_for_menus(site, backlog)
        until_made(site, backlog - 2)
        for _ in range(mails):
            asked, mail_id = time.monotonic(), site.database.run(_ask_for_mail)
            while not site.database.run(partial(_is_sent, mail_id=mail_id)):
                time.sleep(LOOK)
            seconds.append(time.monotonic() - asked)
            time.sleep(0.5)
        site.database.run(lambda session: session.execute(delete(Menu)))
        site.database.run(lambda session: session.execute(text("DELETE FROM procrastinate_jobs WHERE status = 'todo'")))
    return seconds


def _ask_for_mail(session: Session) -> uuid.UUID:
    """As the page for a forgotten password does."""
    mail_id = uuid.uuid4()
    with use_session(session):
        user: User = UserFactory(email=f"{mail_id}@example.org")
    enqueue(session, FORGOTTEN, lock=forgotten_lock(user.id), user_id=str(user.id), mail_id=str(mail_id))
    return mail_id


def _is_sent(session: Session, mail_id: uuid.UUID) -> bool:
    return session.scalar(select(Mail.status).where(Mail.id == mail_id)) == "sent"


if __name__ == "__main__":
    main()

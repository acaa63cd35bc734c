"""The mail that people get: run the waiting jobs, and read the files that they write where there is no mail server."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from mealplanner.config import Config
from mealplanner.jobs.tasks import JobContext
from mealplanner.storage.database import Database
from mealplanner.tasks import TASKS

NEXT = text("""
    UPDATE procrastinate_jobs SET status = 'doing'
    WHERE id = (SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'mails')
    RETURNING id, task_name, args
""")
DONE = text("DELETE FROM procrastinate_jobs WHERE id = :id")


class Post:
    """Deliver what waits, and find links in what was delivered."""

    def __init__(self, database: Database, config: Config, engine: Engine, folder: Path) -> None:
        self.context = JobContext(database=database, config=replace(config, data_dir=folder, smtp=None))
        self.engine = engine
        self.folder = folder / "mail"
        self.seen: set[Path] = set()

    def deliver(self) -> list[EmailMessage]:
        """Run every waiting job, and those that they enqueue; return the new mails, oldest first."""
        tasks = {task.name: task for task in TASKS}
        while job := self._begin():
            tasks[job.task_name].run(replace(self.context, job_id=job.id), **job.args["arguments"])
            self._end(job.id)
        new = sorted(set(self.folder.glob("*.eml")) - self.seen, key=lambda path: path.stat().st_mtime_ns)
        self.seen |= set(new)
        return [message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default) for path in new]

    def link(self, *, to: str | None = None) -> str:
        """Deliver, and return the path of the link in the one new mail (to `to`)."""
        (mail,) = [mail for mail in self.deliver() if to in (None, mail["To"]) and path_in(mail)]
        return path_in(mail)

    def _begin(self) -> Any:
        with self.engine.begin() as connection:
            return connection.execute(NEXT).one_or_none()

    def _end(self, job_id: int) -> None:
        with self.engine.begin() as connection:
            connection.execute(DONE, {"id": job_id})


def path_in(mail: EmailMessage) -> str:
    """Return the path of the secret link in a mail, or an empty text; the plain text and the HTML have the same."""
    plain, html = (part.get_content() for part in mail.iter_parts())
    found = re.search(r"https?://[^/\s]+(/auth/(?:verify|reset|factors-off)/\S+)", plain)
    if found is None:
        return ""
    assert found[1] in html
    return found[1]

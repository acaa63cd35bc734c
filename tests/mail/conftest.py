"""Mails to send, and a worker's way to send them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mealplanner.config import Config
from mealplanner.config.smtp_server import SmtpServer
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.mail import outbox
from mealplanner.mail.emails import EmailContent
from mealplanner.mail.outbox import MailValue
from mealplanner.storage.database import Database
from tests.factories import UserFactory, use_session
from tests.mail.servers import MailServer

Lend = Callable[[MailServer | SmtpServer | None], JobContext]
Rows = Callable[[str], list[tuple[Any, ...]]]

LETTER = EmailContent(subject="Your week", paragraphs=("Peas and rice.",), link="http://127.0.0.1/x", button="Look")
SEND = Task(name="mail.test", run=lambda _context, **_: None)


def write(_session: Session, _mail: MailValue) -> EmailContent:
    """Return the same content each time."""
    return LETTER


@pytest.fixture
def posted(database: Database) -> uuid.UUID:
    """Store a mail that no worker has tried to send."""

    def post(session: Session) -> uuid.UUID:
        with use_session(session):
            user = UserFactory(email="person@example.org")
        return outbox.post(session, SEND, user_id=user.id, kind="week", recipient=user.email)

    return database.run(post)


@pytest.fixture
def lend(database: Database, config: Config, tmp_path: Path) -> Lend:
    """Return what a worker lends to a job, with this mail server or none."""

    def lent(server: MailServer | SmtpServer | None) -> JobContext:
        smtp = SmtpServer(host="127.0.0.1", port=server.port, tls="none") if server is not None else None
        settings = replace(config, smtp=smtp, mail_from="Meals <meals@example.org>", data_dir=tmp_path / "data")
        return JobContext(database=database, config=settings)

    return lent

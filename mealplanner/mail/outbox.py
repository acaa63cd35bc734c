"""Mails: stored together with the event that they report, and fenced while a worker sends them.

A worker takes a mail over by writing a fresh token, and every later write asks for it. The step from `waiting` to
`sending` is the last before the mail server gets the text, and happens once in the life of a mail.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.jobs.queue import cancel, enqueue
from mealplanner.jobs.tasks import Task
from mealplanner.mail.errors import MailTakenOver
from mealplanner.mail.models import Mail

KEPT_DAYS = 90
"""For so long it is remembered what became of a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailValue:
    """One mail as plain values."""

    id: uuid.UUID
    user_id: uuid.UUID
    kind: str
    recipient: str
    created_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMail:
    """One line of the mails that an account was sent."""

    created_at: datetime.datetime
    kind: str
    recipient: str
    status: str


def history(session: Session, user_id: uuid.UUID) -> list[PastMail]:
    """Return the mails of the account that are remembered, newest first."""
    query = select(Mail.created_at, Mail.kind, Mail.recipient, Mail.status).where(Mail.user_id == user_id)
    return [PastMail(**row._mapping) for row in session.execute(query.order_by(Mail.created_at.desc()))]


def is_posted(session: Session, mail_id: uuid.UUID) -> bool:
    """Return whether there is a mail with this id, for jobs that post one and may be run again."""
    return session.scalar(select(Mail.id).where(Mail.id == mail_id)) is not None


def post(
    session: Session, task: Task, *, user_id: uuid.UUID, kind: str, recipient: str, mail_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Store a mail and the job that sends it, which gets its id as `mail_id`; return the id.

    Both exist if the other writes of the transaction do.
    """
    mail_id = mail_id or uuid.uuid4()
    job_id = enqueue(session, task, person=user_id, mail_id=str(mail_id))
    add(session, mail_id=mail_id, user_id=user_id, kind=kind, recipient=recipient, job_id=job_id)
    return mail_id


def add(
    session: Session, *, mail_id: uuid.UUID, user_id: uuid.UUID, kind: str, recipient: str, job_id: int | None
) -> None:
    """Store a mail that the job `job_id` sends."""
    forgotten = func.now() - datetime.timedelta(days=KEPT_DAYS)
    session.execute(delete(Mail).where(Mail.user_id == user_id, Mail.created_at < forgotten))
    session.add(Mail(id=mail_id, user_id=user_id, kind=kind, recipient=recipient, job_id=job_id))


def drop(session: Session, user_id: uuid.UUID, *, kinds: Collection[str] | None = None) -> None:
    """Take back the account's mails that wait to be sent, of these kinds or of all, and their jobs."""
    waiting = update(Mail).where(Mail.user_id == user_id, Mail.status == "waiting")
    if kinds is not None:
        waiting = waiting.where(Mail.kind.in_(kinds))
    jobs = session.scalars(waiting.values(status="dropped", finished_at=func.now()).returning(Mail.job_id)).all()
    for job_id in jobs:
        if job_id is not None:
            cancel(session, job_id)


def send_again(session: Session, task: Task, *, mail_id: uuid.UUID) -> MailValue:
    """Let a mail that failed, or of which that is unknown, wait for `task` once more, and return it.

    Raise `NotFound` if it is neither.
    """
    failed = update(Mail).where(Mail.id == mail_id, Mail.status.in_(("failed", "unknown")))
    again = {"status": "waiting", "token": None, "error": None, "finished_at": None}
    columns = (Mail.id, Mail.user_id, Mail.kind, Mail.recipient, Mail.created_at)
    row = session.execute(failed.values(again).returning(*columns)).one_or_none()
    if row is None:
        raise NotFound
    job_id = enqueue(session, task, person=row.user_id, mail_id=str(mail_id))
    session.execute(update(Mail).where(Mail.id == mail_id).values(job_id=job_id))
    return MailValue(**row._mapping)


def take_over(session: Session, *, mail_id: uuid.UUID, token: uuid.UUID) -> MailValue | None:
    """Make a waiting mail this worker's own and return it; None if there is nothing to send.

    One that another worker left in `sending` becomes `unknown`: sending it again might make two of it.
    """
    taken = update(Mail).where(Mail.id == mail_id, Mail.status == "waiting").values(token=token)
    columns = (Mail.id, Mail.user_id, Mail.kind, Mail.recipient, Mail.created_at)
    row = session.execute(taken.returning(*columns)).one_or_none()
    if row is not None:
        return MailValue(**row._mapping)
    died = update(Mail).where(Mail.id == mail_id, Mail.status == "sending")
    session.execute(died.values(status="unknown", error="the worker died while it sent this", finished_at=func.now()))
    return None


def is_newest(session: Session, mail: MailValue) -> bool:
    """Return whether no later mail of its kind was stored for the account."""
    later = (Mail.created_at > mail.created_at) | ((Mail.created_at == mail.created_at) & (Mail.id > mail.id))
    query = select(Mail.id).where(Mail.user_id == mail.user_id, Mail.kind == mail.kind, Mail.status != "dropped", later)
    return session.scalar(query.limit(1)) is None


def begin_sending(session: Session, *, mail_id: uuid.UUID, token: uuid.UUID) -> None:
    """Pass the point of no return. Raise `MailTakenOver` if the mail was dropped, deleted or taken over."""
    begun = _mine(mail_id, token, "waiting").values(status="sending")
    if session.scalar(begun.returning(Mail.id)) is None:
        raise MailTakenOver


def put_back(session: Session, *, mail_id: uuid.UUID, token: uuid.UUID) -> None:
    """Let the mail wait for another attempt, since the server certainly does not have it."""
    session.execute(_mine(mail_id, token, "sending").values(status="waiting"))


def conclude(session: Session, *, mail_id: uuid.UUID, token: uuid.UUID, status: str, error: str | None = None) -> None:
    """Store what became of the mail: `sent`, `failed`, `unknown` or `dropped`."""
    ended = _mine(mail_id, token, "waiting", "sending", "unknown")
    session.execute(ended.values(status=status, error=error, finished_at=func.now()))


def give_up(session: Session, *, mail_id: uuid.UUID, error: str) -> None:
    """Store that no attempt is left, whichever worker had the mail last."""
    waiting = update(Mail).where(Mail.id == mail_id, Mail.status == "waiting")
    session.execute(waiting.values(status="failed", error=error, finished_at=func.now()))


def _mine(mail_id: uuid.UUID, token: uuid.UUID, *statuses: str) -> Update:
    return update(Mail).where(Mail.id == mail_id, Mail.token == token, Mail.status.in_(statuses))

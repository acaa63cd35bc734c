"""The jobs behind accounts: writing a mail when its turn has come, and answering those who forgot a password.

The link of a mail is made by the worker, just before it is sent: so it is nowhere but in the mail, and its time begins
when it goes out.
"""

from __future__ import annotations

import functools
import secrets
import uuid
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.auth.emails import WITH_LINK, WITHOUT_LINK, new_browser
from mealplanner.auth.links import services as links
from mealplanner.auth.models import User
from mealplanner.auth.sessions import services as sessions
from mealplanner.client import NOWHERE, utc_now
from mealplanner.jobs.lanes import MAIL
from mealplanner.jobs.queue import is_followed
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.mail import delivery, outbox
from mealplanner.mail.emails import EmailContent
from mealplanner.mail.outbox import MailValue
from mealplanner.presentation.formatting import clock, dates_written, short_date


def send(context: JobContext, *, mail_id: str) -> None:
    """Write the mail and send it, or end quietly when there is nothing to say any more."""
    delivery.deliver(context, uuid.UUID(mail_id), functools.partial(written, site=context.config.address))


def give_up(context: JobContext, *, mail_id: str) -> None:
    """Store that the mail could not be sent for an hour."""
    delivery.give_up(context, uuid.UUID(mail_id))


def written(session: Session, mail: MailValue, *, site: str) -> EmailContent | None:
    """Return what the mail says, with a new link if it has one; None if a newer mail or a change made it pointless."""
    if mail.kind in WITHOUT_LINK:
        return WITHOUT_LINK[mail.kind](site)
    if mail.kind == "new-browser":
        return new_browser(site, _signed_in_with(session, mail))
    user = session.execute(select(User.email, User.verified_at).where(User.id == mail.user_id)).one()
    changing = mail.kind == "change-email"
    if not outbox.is_newest(session, mail) or (mail.kind == "verify" and user.verified_at is not None):
        return None
    if not changing and mail.recipient != user.email:
        return None
    token = links.issue(
        session,
        mail.user_id,
        purpose=mail.kind,  # type: ignore[arg-type]  # the kinds with a link are the purposes
        secret=secrets.token_bytes(links.BYTES),
        now=utc_now(),
        new_email=mail.recipient if changing else None,
    )
    return WITH_LINK[mail.kind](site, token)


def _signed_in_with(session: Session, mail: MailValue) -> str | None:
    """Return the browser, the address and the time of the sign-in that the mail tells of, None if it was ended."""
    device = sessions.device(session, mail.id)
    if device is None:
        return None
    shown = session.execute(select(User.time_zone, User.hours, User.dates).where(User.id == mail.user_id)).one()
    at = device.created_at.astimezone(ZoneInfo(shown.time_zone))
    where = f", from {device.address}" if device.address != NOWHERE else ""
    with dates_written(shown.dates):
        return f"{device.browser}{where}, on {short_date(at)} at {clock(at.time(), shown.hours)}"


def answer_forgotten(context: JobContext, *, user_id: str, mail_id: str) -> None:
    """Post and send the mail for a forgotten password; do nothing without an account, or for a closed one.

    Asked for several times at once, only the last is answered, since a new link ends the ones before.
    `mail_id` was chosen by the request, so that however often this runs, there is one mail.
    """
    post = functools.partial(_post_reset, user_id=uuid.UUID(user_id), mail_id=uuid.UUID(mail_id), job_id=context.job_id)
    if context.database.run(post):
        send(context, mail_id=mail_id)


def give_up_forgotten(context: JobContext, *, user_id: str, mail_id: str) -> None:  # noqa: ARG001  # the job's own
    """Store that the mail for a forgotten password could not be sent for an hour."""
    give_up(context, mail_id=mail_id)


def forgotten_lock(user_id: uuid.UUID) -> str:
    """Return the lock of the jobs that answer this person, by which they are found when the account is deleted."""
    return f"{FORGOTTEN.name}:{user_id}"


def _post_reset(session: Session, *, user_id: uuid.UUID, mail_id: uuid.UUID, job_id: int | None) -> bool:
    """Store the mail, which the job `job_id` sends. Return whether there is one."""
    email = session.scalar(select(User.email).where(User.id == user_id, User.disabled_at.is_(None)))
    if email is None or is_followed(session, job_id):
        return False
    if not outbox.is_posted(session, mail_id):
        outbox.add(session, mail_id=mail_id, user_id=user_id, kind="reset", recipient=email, job_id=job_id)
    return True


SEND = Task(name="auth.mail", queue=MAIL.queue, run=send, failed=give_up, attempts=20)
"""Tried for an hour, which is longer than servers make strangers wait that turn the first attempt away."""

FORGOTTEN = Task(
    name="auth.forgotten", queue=MAIL.queue, run=answer_forgotten, failed=give_up_forgotten, attempts=SEND.attempts
)

TASKS = (SEND, FORGOTTEN)

"""One attempt at sending a mail: write it in a short transaction, send it with nothing open, store what came of it."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

from sqlalchemy.orm import Session

from mealplanner.client import utc_now
from mealplanner.config import Config
from mealplanner.config.smtp_server import SmtpServer
from mealplanner.errors import Unavailable
from mealplanner.jobs.tasks import JobContext
from mealplanner.mail import outbox
from mealplanner.mail.circuit import Circuit
from mealplanner.mail.emails import EmailContent, Envelope, message
from mealplanner.mail.errors import MailTakenOver, NotTaken, OutcomeOfMailUnknown, Refused
from mealplanner.mail.files import save
from mealplanner.mail.outbox import MailValue
from mealplanner.mail.smtp import send

log = logging.getLogger(__name__)

Write = Callable[[Session, MailValue], EmailContent | None]
"""Returns what a mail says, None if nothing any more. What it stores is committed before the mail is sent."""


class Transport(Protocol):
    """Hand a mail over; call `handing_over` when all is ready but the mail itself."""

    def __call__(self, message: EmailMessage, *, handing_over: Callable[[], None]) -> None: ...


def deliver(context: JobContext, mail_id: uuid.UUID, write: Write, *, transport: Transport | None = None) -> None:
    """Send the mail, unless it was sent, dropped or deleted. Raise what should make the job run again."""
    token = uuid.uuid4()
    ready = context.database.run(lambda session: _written(session, mail_id, token, write))
    if ready is None:
        log.info("mail %s: there is nothing to send", mail_id)
        return
    mail, content = ready
    try:
        status, error = _sent(context, mail, token, content, transport or transport_of(context.config, mail, content))
    except MailTakenOver as taken:
        log.info("mail %s: %s", mail_id, taken)
        return
    note = functools.partial(outbox.conclude, mail_id=mail_id, token=token, status=status, error=error)
    context.database.run(note)


def give_up(context: JobContext, mail_id: uuid.UUID) -> None:
    """Store that no attempt is left, unless another attempt has replaced this one."""
    error = str(context.error or "the workers that tried died")

    def store(session: Session) -> bool:
        if current := context.is_current(session):
            outbox.give_up(session, mail_id=mail_id, error=error)
        return current

    if context.database.run(store):
        log.error("mail %s could not be sent: %s", mail_id, error)


def transport_of(config: Config, mail: MailValue, content: EmailContent) -> Transport:
    """Return the way to the mail server of `config`, else to a file in the data directory and a line in the log."""
    if config.smtp is not None:
        return functools.partial(_send, server=config.smtp)

    def keep(message: EmailMessage, *, handing_over: Callable[[], None]) -> None:
        handing_over()
        try:
            path = save(message, config.data_dir / "mail", f"{mail.created_at:%Y%m%d-%H%M%S}-{mail.kind}-{mail.id}")
        except OSError as error:
            raise NotTaken(f"the mail cannot be kept in {config.data_dir / 'mail'}: {error}") from error
        log.warning("no SMTP_URL: “%s” for %s lies in %s %s", content.subject, mail.recipient, path, content.link or "")

    return keep


def _send(message: EmailMessage, *, server: SmtpServer, handing_over: Callable[[], None]) -> None:
    with _circuit(server.host, server.port).conversation():
        send(message, server=server, handing_over=handing_over)


@functools.cache
def _circuit(_host: str, _port: int) -> Circuit:
    """Return what this process knows of the mail server."""
    return Circuit()


def _written(
    session: Session, mail_id: uuid.UUID, token: uuid.UUID, write: Write
) -> tuple[MailValue, EmailContent] | None:
    mail = outbox.take_over(session, mail_id=mail_id, token=token)
    if mail is None:
        return None
    content = write(session, mail)
    if content is None:
        outbox.conclude(session, mail_id=mail_id, token=token, status="dropped")
        return None
    return mail, content


def _sent(
    context: JobContext, mail: MailValue, token: uuid.UUID, content: EmailContent, transport: Transport
) -> tuple[str, str | None]:
    """Return the new status of the mail, and why. One that certainly went nowhere waits for the next attempt."""
    run = context.database.run
    envelope = Envelope(sender=context.config.mail_from, recipient=mail.recipient, event=str(mail.id), date=utc_now())
    handing_over = functools.partial(run, functools.partial(outbox.begin_sending, mail_id=mail.id, token=token))
    try:
        transport(message(content, envelope), handing_over=handing_over)
    except (NotTaken, Unavailable):
        run(functools.partial(outbox.put_back, mail_id=mail.id, token=token))
        raise
    except (Refused, OutcomeOfMailUnknown) as error:
        status = "failed" if isinstance(error, Refused) else "unknown"
        log.warning("mail %s (%s) is %s: %s", mail.id, mail.kind, status, error)
        return status, str(error)
    return "sent", None

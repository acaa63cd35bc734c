"""Handing a mail to a server, in steps small enough to know, whatever breaks, whether the server has it."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final, NoReturn

from mealplanner.config.smtp_server import SmtpServer
from mealplanner.mail.errors import NotTaken, OutcomeOfMailUnknown, Refused

SECONDS: Final = 30.0
"""The longest wait for one answer of the server."""

_BROKEN = (OSError, smtplib.SMTPException)


def send(
    message: EmailMessage,
    *,
    server: SmtpServer,
    handing_over: Callable[[], None],
    trust: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> None:
    """Sends `message`, whose headers name one sender and one recipient.

    `handing_over` is called when all is said but the mail itself; if it raises, the server gets nothing. From then on
    nobody but the server knows. Raises `NotTaken`, `Refused` or `OutcomeOfMailUnknown`. `trust` says which certificates
    are believed, by default those of the system.
    """
    with _greeted(server, trust or ssl.create_default_context(), seconds) as smtp:
        content = _addressed(smtp, message)
        handing_over()
        _hand_over(smtp, content)


@contextmanager
def _greeted(server: SmtpServer, trust: ssl.SSLContext, seconds: float) -> Iterator[smtplib.SMTP]:
    """A conversation that has come to the point where mail can be talked about."""
    try:
        smtp = _connected(server, trust, seconds)
    except _BROKEN as error:
        raise NotTaken(f"the mail server {server.host}:{server.port} does not answer: {_words(error)}") from error
    try:
        try:
            _secured(smtp, server, trust)
        except _BROKEN as error:
            raise NotTaken(f"the mail server {server.host} does not let us in: {_words(error)}") from error
        yield smtp
    finally:
        smtp.close()


def _connected(server: SmtpServer, trust: ssl.SSLContext, seconds: float) -> smtplib.SMTP:
    if server.tls == "implicit":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=trust)
    return smtplib.SMTP(server.host, server.port, timeout=seconds)


def _secured(smtp: smtplib.SMTP, server: SmtpServer, trust: ssl.SSLContext) -> None:
    smtp.ehlo_or_helo_if_needed()
    if server.tls == "starttls":
        smtp.starttls(context=trust)
        smtp.ehlo_or_helo_if_needed()
    if server.user is not None:
        smtp.login(server.user, server.password)


def _addressed(smtp: smtplib.SMTP, message: EmailMessage) -> bytes:
    """Says from whom and for whom, and returns what is to be handed over."""
    sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
    international = not (sender + recipient).isascii()
    if international and not smtp.has_extn("smtputf8"):
        raise Refused(f"the mail server cannot write to {recipient}, whose address has letters beyond ASCII")
    _say(lambda: smtp.mail(sender, ["SMTPUTF8"] if international else []), 250)
    _say(lambda: smtp.rcpt(recipient), 250, 251)
    return message.as_bytes(policy=SMTPUTF8 if international else SMTP)


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    _say(lambda: smtp.docmd("DATA"), 354)
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        code, reply = smtp.getreply()
    except _BROKEN as error:
        raise OutcomeOfMailUnknown(f"the connection broke at the last moment: {_words(error)}") from error
    if code != 250:
        _refused(code, reply)
    with suppress(*_BROKEN):  # the server has the mail; it need not say goodbye
        smtp.quit()


def _say(command: Callable[[], tuple[int, bytes]], *fine: int) -> None:
    try:
        code, reply = command()
    except _BROKEN as error:
        raise NotTaken(f"the mail server went away: {_words(error)}") from error
    if code not in fine:
        _refused(code, reply)


def _refused(code: int, reply: bytes) -> NoReturn:
    """4xx means later; anything else but a yes means no."""
    words = f"the mail server said: {code} {_one_line(reply)}"
    raise NotTaken(words) if 400 <= code < 500 else Refused(words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_one_line(error.smtp_error)}"
    return str(error) or type(error).__name__


def _one_line(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:200]

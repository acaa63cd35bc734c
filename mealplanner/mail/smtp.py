"""Handing a mail to a server, in steps small enough to know, whatever breaks, whether the server has it."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final, NoReturn

from mealplanner.config.smtp_server import SmtpServer
from mealplanner.mail.errors import NotTaken, OutcomeOfMailUnknown, Refused, Silent

SECONDS: Final = 30.0
"""For the whole conversation, from the connection to the server's last word."""

CONNECT_SECONDS: Final = 10.0
"""For a connection, to each of the server's addresses."""

_BROKEN = (OSError, smtplib.SMTPException)


def send(
    message: EmailMessage,
    *,
    server: SmtpServer,
    handing_over: Callable[[], None],
    trust: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> None:
    """Send `message`, whose headers name one sender and one recipient, within `seconds`.

    `handing_over` is called when all is said but the mail itself; if it raises, the server gets nothing. From then on
    only the server knows. Raise `NotTaken`, `Refused` or `OutcomeOfMailUnknown`. `trust` says which certificates are
    believed, by default those of the system.
    """
    with _greeted(server, trust or ssl.create_default_context(), seconds) as smtp:
        content = _addressed(smtp, message)
        handing_over()
        _hand_over(smtp, content)


class _Conversation(smtplib.SMTP):
    """The library's, with one deadline for all of it: its own timeout begins again with every byte that arrives."""

    def __init__(self, server: SmtpServer, trust: ssl.SSLContext, seconds: float) -> None:
        self._tls = trust if server.tls == "implicit" else None
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._cut = threading.Event()
        self._watch: threading.Timer | None = None
        super().__init__(server.host, server.port, timeout=min(seconds, CONNECT_SECONDS))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # `SMTP_SSL` overrides it too
        connected.settimeout(self._seconds)
        self._watch_over(connected.dup())  # the same connection, whatever TLS makes of the socket
        try:
            return self._tls.wrap_socket(connected, server_hostname=host) if self._tls else connected
        except BaseException:
            self.close()
            raise

    def _watch_over(self, connection: socket.socket) -> None:
        def cut() -> None:
            self._cut.set()
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

        self._connection = connection
        self._watch = threading.Timer(max(0.0, self._end - time.monotonic()), cut)
        self._watch.daemon = True
        self._watch.start()

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's answer; say so if it took too long."""
        try:
            return super().getreply()
        except _BROKEN as error:
            if self._cut.is_set():
                raise TimeoutError(f"it took longer than {self._seconds:g} s") from error
            raise

    def close(self) -> None:
        """End the conversation and its watch. May be called twice."""
        if self._watch is not None:
            self._watch.cancel()
            self._connection.close()
        super().close()


@contextmanager
def _greeted(server: SmtpServer, trust: ssl.SSLContext, seconds: float) -> Iterator[smtplib.SMTP]:
    """Open a conversation, in which the server is ready for mail."""
    try:
        smtp = _Conversation(server, trust, seconds)
    except _BROKEN as error:
        words = f"the mail server {server.host}:{server.port} does not answer: {_words(error)}"
        raise _not_taken(error, words) from error
    try:
        try:
            _secured(smtp, server, trust)
        except _BROKEN as error:
            words = f"the mail server {server.host} does not let us in: {_words(error)}"
            raise _not_taken(error, words) from error
        yield smtp
    finally:
        smtp.close()


def _secured(smtp: smtplib.SMTP, server: SmtpServer, trust: ssl.SSLContext) -> None:
    smtp.ehlo_or_helo_if_needed()
    if server.tls == "starttls":
        smtp.starttls(context=trust)
        smtp.ehlo_or_helo_if_needed()
    if server.user is not None:
        smtp.login(server.user, server.password)


def _addressed(smtp: smtplib.SMTP, message: EmailMessage) -> bytes:
    """Say from whom and for whom, and return what is to be handed over."""
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
        raise Silent(f"the mail server went away: {_words(error)}") from error
    if code not in fine:
        _refused(code, reply)


def _refused(code: int, reply: bytes) -> NoReturn:
    """4xx means later; anything else but a yes means no."""
    words = f"the mail server said: {code} {_one_line(reply)}"
    raise NotTaken(words) if 400 <= code < 500 else Refused(words)


def _not_taken(error: Exception, words: str) -> NotTaken:
    """Return the error for a mail that was not taken: `Silent`, unless the server answered or showed a certificate."""
    answered = isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
    return NotTaken(words) if answered or isinstance(error, ssl.SSLError) else Silent(words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_one_line(error.smtp_error)}"
    return str(error) or type(error).__name__


def _one_line(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:200]

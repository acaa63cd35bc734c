"""A mail server on loopback that takes mail, or fails in every way a mail server can."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from mealplanner.config.smtp_server import SmtpServer
from tests.waiting import PATIENCE

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A certificate for localhost and 127.0.0.1 that no authority signed, valid for a hundred years, with its key."""

USER, PASSWORD = "me@example.org", "p:w"
DROP = "drop the connection"
SILENCE = "say nothing"


@contextmanager
def unhelpful_server(*, drip: bool) -> Iterator[SmtpServer]:
    """Run a server that accepts connections and never greets; with `drip` it begins to, and never finishes."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        if drip:
            pool.submit(_greet_without_end, listening)
        yield SmtpServer(host="127.0.0.1", port=listening.getsockname()[1], tls="none")


def _greet_without_end(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        while True:
            connection.sendall(b"220-one moment please\r\n")


def trust() -> ssl.SSLContext:
    """Return a context that trusts the certificate of the server below."""
    return ssl.create_default_context(cafile=CERTIFICATE)


class _Conversation(SMTP):
    """A conversation with answers that its `MailServer` prescribes."""

    def __init__(self, owner: MailServer, **options: Any) -> None:
        self.owner = owner
        super().__init__(owner, enable_SMTPUTF8=owner.international, **options)

    async def push(self, status: str | bytes) -> None:
        """Send one answer, or none."""
        if status == DROP:
            assert self.transport is not None
            self.transport.abort()
        elif status == SILENCE:
            await asyncio.Event().wait()
        else:
            await super().push(status)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  # the library names commands so
        """Accept the mail, or refuse it beforehand."""
        answer = self.owner.answers.pop("DATA", None)
        if answer is None:
            await super().smtp_DATA(arg)  # type: ignore[arg-type]
        else:
            await self.push(answer)


class MailServer:
    """Runs during a block on a thread of its own, at `port` of 127.0.0.1.

    `answers` says, for `MAIL`, `RCPT`, `DATA` or `END` (of the data), what to answer once instead of yes; `before_end`
    is called when a mail has arrived and before the server says so. `tls`: none, starttls or implicit.
    """

    def __init__(self, tls: str = "none", *, international: bool = True, login: bool = False) -> None:
        self.tls, self.international, self.login = tls, international, login
        self.answers: dict[str, str] = {}
        self.before_end: Callable[[], object] = lambda: None
        self.envelopes: list[Envelope] = []
        self.signed_in: list[bool] = []
        self.secured: list[bool] = []
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="mail server", daemon=True)

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the mails that were taken."""
        contents = (envelope.original_content or b"" for envelope in self.envelopes)
        return [message_from_bytes(content, _class=EmailMessage, policy=policy.default) for content in contents]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        options: dict[str, Any] = {"tls_context": context} if self.tls == "starttls" else {}
        if self.login:
            options |= {"authenticator": self._authenticate, "auth_require_tls": False}
        implicit = context if self.tls == "implicit" else None
        server = await self._loop.create_server(
            lambda: _Conversation(self, hostname="localhost", **options), "127.0.0.1", 0, ssl=implicit
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()

    # What the library calls -------------------------------------------------------------------------------------

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, login: Any) -> AuthResult:
        good = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender."""
        envelope.mail_from, envelope.mail_options = address, options
        return self.answers.pop("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The recipient."""
        envelope.rcpt_tos.append(address)
        return self.answers.pop("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The mail itself."""
        assert server.transport is not None
        await asyncio.to_thread(self.before_end)
        answer = self.answers.pop("END", "250 taken")
        if answer[0] not in "45":
            self.envelopes.append(envelope)
            self.signed_in.append(bool(session.authenticated))
            self.secured.append(server.transport.get_extra_info("sslcontext") is not None)
        return answer

"""A worker for gunicorn in which no thread ever waits for a client.

In gunicorn's own threaded worker a thread reads a request and writes its answer, so as many slow clients as there are
threads stop the server. Here the event loop reads a request and gives it to a thread once it is whole, and sends what
the client does not take of the answer immediately. A client that takes too long is disconnected.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import http  # type: ignore[import-untyped]
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker  # type: ignore[import-untyped]

from mealplanner.serving.draining import draining
from mealplanner.serving.framing import HeadTooLong, Incoming

REQUEST_SECONDS = 10.0
"""For a whole request, from the connection or, after an earlier request, from the first byte."""

SEND_SECONDS = 20.0
"""Within which a client has to take some more of its answer."""

LINGER_SECONDS = 2.0
"""For the client to close its side: to end a connection while data arrives would discard the answer on its way."""

RECEIVE_BYTES = 64 * 1024

MOST_SKIPPED = 64 * 1024
"""As much of a body that the application leaves unread gunicorn skips; after a longer one it closes the connection."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
HEAD_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class ClientSocket(socket.socket):
    """A socket that never blocks, even if gunicorn asks it to, and keeps in `unsent` what the client did not take."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        super().setblocking(False)
        self.unsent = bytearray()

    def setblocking(self, _flag: bool, /) -> None:
        """Ignore the call."""

    def settimeout(self, _value: float | None, /) -> None:
        """Ignore the call."""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return what has arrived. Raise `ConnectionResetError` if nothing has: the request was not whole."""
        try:
            return super().recv(size, flags)
        except BlockingIOError:
            raise ConnectionResetError(errno.ECONNRESET, "the request is not whole") from None

    def sendall(self, data: Any, _flags: int = 0, /) -> None:
        """Send what the client takes now and keep the rest."""
        self.unsent += data
        self.send_unsent()

    def send_unsent(self) -> None:
        """Send as much of what was kept as the client takes now."""
        with suppress(BlockingIOError):
            while self.unsent:
                del self.unsent[: super().send(self.unsent)]


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A connection, with the request that is being read and the deadline of its wait in the event loop."""

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, ClientSocket(accepted), client, server)
        self.incoming: Incoming | None = None
        self.deadline = 0.0
        self.is_long = False


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's threaded worker, reading and writing in the event loop; unchanged where gunicorn itself does TLS."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: set[Connection] = set()
        self._looked = 0.0

    def accept(self, listener: Any) -> None:
        """Accept a connection and begin to read its request."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, accepted, client, listener.getsockname()))

    def enqueue_req(self, conn: Any) -> None:
        """Read a request, which may have begun to arrive with the last one, and give it to a thread once whole."""
        if self.cfg.is_ssl:
            super().enqueue_req(conn)
            return
        conn.incoming = Incoming()
        self._wait(conn, selectors.EVENT_READ, self._receive, REQUEST_SECONDS)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        elif received := conn.parser.unreader.take_buffered():
            self._add(conn, received)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request; close the connection with the answer when the server is about to stop, or after a long one.

        What the application does not read of a long request is not read to its end, so the client has to be told.
        """
        if draining() or (isinstance(conn, Connection) and conn.is_long):
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Send the rest of the answer before the connection is used again or closed."""
        if self.cfg.is_ssl or conn.sock.fileno() < 0:
            super().finish_request(conn, fs)
        elif conn.sock.unsent:
            self._wait(conn, selectors.EVENT_WRITE, partial(self._send, future=fs), SEND_SECONDS)
        elif not fs.cancelled() and not fs.exception() and fs.result():
            super().finish_request(conn, fs)
        else:
            self._linger(conn)

    def murder_pending(self) -> None:
        """Disconnect clients whose time is over; a stopping worker waits only for requests that have begun."""
        super().murder_pending()
        now = time.monotonic()
        if now < self._looked + 0.5:
            return
        self._looked = now
        for conn in list(self._waiting):
            if not self.alive and conn.incoming and not conn.incoming.data:
                conn.deadline = min(conn.deadline, now + STOP_KEEPALIVE_LINGER)
            if conn.deadline < now:
                if conn.incoming and conn.incoming.data:
                    _tell(conn, TOO_SLOW)
                self._drop(conn)

    def _receive(self, conn: Connection) -> None:
        received = _received(conn)
        if received:
            self._add(conn, received)
        elif received is not None:
            self._drop(conn)

    def _add(self, conn: Connection, received: bytes) -> None:
        assert conn.incoming is not None
        try:
            whole = conn.incoming.add(received)
        except HeadTooLong:
            self._stop_waiting(conn)
            _tell(conn, HEAD_TOO_LONG)
            self._linger(conn)
            return
        if whole:
            self._stop_waiting(conn)
            conn.is_long = len(conn.incoming.data) > MOST_SKIPPED
            conn.parser.unreader.unread(bytes(conn.incoming.data))
            conn.incoming, conn.data_ready = None, True
            super().enqueue_req(conn)
        elif conn.incoming.awaits_continue:
            conn.incoming.awaits_continue = False
            _tell(conn, CONTINUE)

    def _send(self, conn: Connection, *, future: Any) -> None:
        before = len(conn.sock.unsent)
        try:
            conn.sock.send_unsent()
        except OSError:
            self._drop(conn)
            return
        if not conn.sock.unsent:
            self._stop_waiting(conn)
            self.finish_request(conn, future)
        elif len(conn.sock.unsent) < before:
            conn.deadline = time.monotonic() + SEND_SECONDS

    def _linger(self, conn: Connection) -> None:
        """Close this side of the connection, and the whole once the client has closed its side."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.nr_conns -= 1
            conn.close()
            return
        conn.incoming = None
        self._wait(conn, selectors.EVENT_READ, self._discard, LINGER_SECONDS)

    def _discard(self, conn: Connection) -> None:
        if _received(conn) == b"":
            self._drop(conn)

    def _wait(self, conn: Connection, event: int, act: Callable[[Connection], None], seconds: float) -> None:
        """Call `act` whenever the connection is ready for `event`; disconnect it after `seconds`."""
        conn.deadline = time.monotonic() + seconds
        self._waiting.add(conn)
        self.poller.register(conn.sock, event, lambda _socket: act(conn))

    def _stop_waiting(self, conn: Connection) -> None:
        self._waiting.discard(conn)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()


def _tell(conn: Connection, answer: bytes) -> None:
    """Send an answer from the event loop to a client that may have closed the connection."""
    with suppress(OSError):
        conn.sock.sendall(answer)


def _received(conn: Connection) -> bytes | None:
    """Return what has arrived: None for nothing yet, and an empty text once the client has closed the connection."""
    try:
        return socket.socket.recv(conn.sock, RECEIVE_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""

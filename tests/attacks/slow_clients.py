"""Clients that send or read slowly, or not at all, to keep the server from answering others."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator

from tests.attacks.result import Finding
from tests.attacks.targets import Target
from tests.benchmarks.tables import share

CLIENTS = 64
SECONDS = 8.0
"""For each kind of client."""

LIMIT = 0.5
"""Seconds within which 95 of 100 pages for others are answered."""

GIVEN_UP = 5.0
"""Seconds after which a page is not waited for any longer."""

HEAD = b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
Slow = Callable[[socket.socket, Callable[[float], bool]], None]
"""Speaks over a connection; the second argument waits for some seconds and says whether to go on."""


def silence(_connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Say nothing."""
    while wait(0.5):
        pass


def half_headers(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Send headers that do not end."""
    connection.sendall(HEAD)
    while wait(0.5):
        connection.sendall(b"X-Slow: 1\r\n")


def slow_body(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Send a form one letter at a time."""
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    while wait(0.5):
        connection.sendall(b"x")


def slow_chunks(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Send a form in chunks of one letter, without a length."""
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while wait(0.5):
        connection.sendall(b"1\r\nx\r\n")


def expecting_body(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Ask whether to go on, and do not."""
    connection.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
    while wait(0.5):
        pass


def slow_second(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Send a whole request, and then half of another one over the same connection."""
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    connection.recv(65536)
    half_headers(connection, wait)


def slow_reader(connection: socket.socket, wait: Callable[[float], bool]) -> None:
    """Ask for many pages at once and read none of them."""
    connection.sendall(b"GET /auth/login HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
    while wait(0.5):
        pass


KINDS: tuple[Slow, ...] = (silence, half_headers, slow_body, slow_chunks, expecting_body, slow_second, slow_reader)


def attack(target: Target) -> Iterator[Finding]:
    """Have `CLIENTS` of each kind at a time, and measure how long a page takes for others."""
    for kind in KINDS:
        with _besieged(target, kind):
            times = list(_answers(target))
        worst = share(times, 0.95)
        answered = f"{worst * 1000:.0f} ms at the 95th percentile of {len(times)} pages"
        yield Finding(
            f"{CLIENTS} slow clients",
            kind.__name__.replace("_", " "),
            answered,
            f"{LIMIT * 1000:.0f} ms",
            worst < LIMIT,
        )


def _answers(target: Target) -> Iterator[float]:
    """Yield the seconds that each of some pages takes, each over a connection of its own."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{target.address}/auth/login", timeout=GIVEN_UP).close()
        yield time.monotonic() - began
        time.sleep(0.05)


@contextlib.contextmanager
def _besieged(target: Target, kind: Slow) -> Iterator[None]:
    """Have the slow clients connected during the block; one that is hung up on comes back."""
    over, connected = threading.Event(), threading.Semaphore(0)
    threads = [threading.Thread(target=_client, args=(target, kind, over, connected)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for _ in threads:
        connected.acquire()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _client(target: Target, kind: Slow, over: threading.Event, connected: threading.Semaphore) -> None:
    while not over.is_set():
        with contextlib.suppress(OSError), socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.settimeout(10)
            connection.connect((target.host, target.port))
            connected.release()
            kind(connection, lambda seconds: not over.wait(seconds) and not _hung_up(connection))


def _hung_up(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(10)

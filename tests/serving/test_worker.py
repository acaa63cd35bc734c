"""The web server with a single thread, which no slow client may hold."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.echo import LONG
from tests.faults.programs import Program
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.process

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
FORM = POST + b"Content-Length: 5\r\n\r\nhello"


class Server(Program):
    """gunicorn with one process and one thread, which serves `tests.echo`; clients have `seconds` for a request."""

    def __init__(self, log: Path, seconds: float = PATIENCE) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
            self.address: tuple[str, int] = listener.getsockname()
            bind = ["--bind", f"fd://{listener.fileno()}", "--workers", "1", "--threads", "1"]
            arguments = ["-m", "gunicorn", "-c", "python:mealplanner.gunicorn", *bind, "tests.echo:app"]
            super().__init__(arguments, {"ECHO_SECONDS": str(seconds)}, log, inherit=listener.fileno())

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """Connect during the block."""
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            yield connection

    def answer(self, *pieces: bytes) -> bytes:
        """Send the pieces over a connection of their own, and return the answer."""
        with self.connection() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return one_answer(connection)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server for the tests that leave it running."""
    with Server(tmp_path_factory.mktemp("server") / "log") as running:
        assert running.answer(GET).startswith(b"HTTP/1.1 200 OK")
        yield running


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server that disconnects clients who take two seconds for a request."""
    with Server(tmp_path_factory.mktemp("impatient") / "log", seconds=2.0) as running:
        assert running.answer(GET).startswith(b"HTTP/1.1 200 OK")
        yield running


def one_answer(connection: socket.socket) -> bytes:
    """Read one answer with a `Content-Length`, byte by byte, so that nothing of the next one is taken."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, head
        head += byte
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")), 0)
    body = b""
    while len(body) < length:
        received = connection.recv(length - len(body))
        assert received
        body += received
    return head + body


def test_a_request_may_come_in_pieces(server: Server) -> None:
    assert server.answer(*(bytes([byte]) for byte in FORM)).endswith(b"hello")


def test_a_body_may_come_in_chunks(server: Server) -> None:
    chunks = (b"2\r\nhe\r\n", b"3\r\nl", b"lo\r\n0\r\n\r\n")
    assert server.answer(POST + b"Transfer-Encoding: chunked\r\n\r\n", *chunks).endswith(b"hello")


def test_requests_that_come_at_once_are_answered_in_order(server: Server) -> None:
    with server.connection() as connection:
        connection.sendall(GET + FORM + FORM.replace(b"hello", b"again") + FORM[:20])
        assert [one_answer(connection)[-5:] for _ in range(3)][1:] == [b"hello", b"again"]
        connection.sendall(FORM[20:])
        assert one_answer(connection).endswith(b"hello")


def test_a_client_that_asks_is_told_to_go_on(server: Server) -> None:
    with server.connection() as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert one_answer(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        answers = [one_answer(connection)]
        while b" 100 " in answers[-1]:  # gunicorn says so again
            answers.append(one_answer(connection))
        assert answers[-1].endswith(b"hello")


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        POST,
        POST + b"Content-Length: 5\r\n\r\nhell",
        POST + b"Content-Length: 1000000000\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n",
        POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        GET + POST,
    ],
)
def test_others_are_answered_beside_clients_that_do_not_go_on(impatient: Server, beginning: bytes) -> None:
    """Those are disconnected in the end, with an answer if they had begun a request."""
    with ExitStack() as connected:
        slow = []
        for _ in range(20):
            slow.append(connected.enter_context(impatient.connection()))
            slow[-1].sendall(beginning)
        assert impatient.answer(FORM).endswith(b"hello")
        for connection in slow:
            said = b""
            while received := connection.recv(65536):
                said += received
            assert (b"408 Request Timeout" in said) is (beginning != b"")


def test_others_are_answered_beside_clients_that_do_not_read(server: Server) -> None:
    """A client that reads after all gets the whole answer."""
    with server.connection() as reader, server.connection() as idle:
        for connection in (reader, idle):
            connection.sendall(GET.replace(b"GET /", b"GET /long"))
        assert server.answer(FORM).endswith(b"hello")
        assert len(one_answer(reader).partition(b"\r\n\r\n")[2]) == LONG
        reader.sendall(FORM)
        assert one_answer(reader).endswith(b"hello")


def test_a_client_is_told_that_nothing_follows_a_long_request(server: Server) -> None:
    """Its body may be refused unread, and where the next request begins is not looked for."""
    for length, kept in ((1_000, True), (300_000, False)):
        head = POST + f"Content-Length: {length}\r\n\r\n".encode()
        answer = server.answer(head, b"x" * length)
        assert (b"Connection: close" in answer, b"Connection: keep-alive" in answer) == (not kept, kept)


def test_endless_headers_are_refused(server: Server) -> None:
    assert server.answer(POST + b"X: y\r\n" * 20_000).startswith(b"HTTP/1.1 431 ")


def test_clients_that_hang_up_at_any_point_do_no_harm(server: Server) -> None:
    for end in range(len(FORM) + 1):
        with server.connection() as connection:
            connection.sendall(FORM[:end])
    assert server.answer(FORM).endswith(b"hello")
    assert "Traceback" not in server.said()


def test_a_server_that_stops_does_not_wait_for_silent_clients(tmp_path: Path) -> None:
    with Server(tmp_path / "log") as stopping:
        stopping.answer(GET)
        with stopping.connection() as silent, stopping.connection() as begun:
            begun.sendall(FORM[:-1])
            eventually(lambda: stopping.answer(GET) != b"")
            stopping.send(signal.SIGTERM)
            begun.sendall(FORM[-1:])
            assert one_answer(begun).endswith(b"hello")
            assert stopping.exit_code() == 0
            assert silent.recv(1) == b""

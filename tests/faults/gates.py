"""Slow services on loopback: a call to a gate tells the test that it has arrived, and waits until it is opened."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

from tests.waiting import PATIENCE

Told = Mapping[str, str]
"""What a caller says about its process."""


def call(gate: str, **told: object) -> None:
    """Call a gate, as a view or a job would call a model, and wait for its answer."""
    with build_opener(ProxyHandler({})).open(f"{gate}?{urlencode(told)}", timeout=2 * PATIENCE) as answer:
        answer.read()


class Gate:
    """One slow service. A call to `url` waits until the gate is open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._arrived: SimpleQueue[Told] = SimpleQueue()
        self._open = threading.Event()

    def arrival(self) -> Told:
        """Wait for the next caller; fail if none comes in time."""
        return self._arrived.get(timeout=PATIENCE)

    def open(self) -> None:
        """Answer all callers that wait, and later ones at once."""
        self._open.set()

    def close(self) -> None:
        """Hold later callers again."""
        self._open.clear()

    def serve(self, told: Told) -> None:
        """Hold one caller."""
        self._arrived.put(told)
        self._open.wait(PATIENCE)


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


class Gates:
    """A maker of gates, all of which are served at one address."""

    def __init__(self, address: str, known: dict[str, Gate]) -> None:
        self._address = address
        self._known = known
        self._numbers = itertools.count(1)

    def new(self) -> Gate:
        """Return a closed gate."""
        path = f"/{next(self._numbers)}"
        self._known[path] = gate = Gate(self._address + path)
        return gate

    def open_all(self) -> None:
        """Let every caller go, however the test ended."""
        for gate in self._known.values():
            gate.open()


@contextmanager
def serving_gates() -> Iterator[Gates]:
    """Serve gates during the block."""
    known: dict[str, Gate] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            parts = urlsplit(self.path)
            known[parts.path].serve(dict(parse_qsl(parts.query)))
            try:
                self.send_response(204)
                self.end_headers()
            except OSError:
                pass  # the caller was killed while it waited

        def log_message(self, *_arguments: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        gates = Gates(f"http://127.0.0.1:{server.server_address[1]}", known)
        try:
            yield gates
        finally:
            gates.open_all()
            server.shutdown()
            thread.join()

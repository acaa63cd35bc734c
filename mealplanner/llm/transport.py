"""One HTTP request with OpenAI's own client, limited in bytes, that can be broken off from another thread.

This is the only module that knows the client and its HTTP library. Importing it takes a second: import it when it is
needed.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final

import httpx2
import openai

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.redaction import one_line
from mealplanner.llm.replies import Broken, Reply

OPENAI: Final = "https://api.openai.com/v1"
MOST_BYTES: Final = 2_000_000
"""How much of a reply's body is read."""

_MACHINE_HEADERS: Final = frozenset(
    f"x-stainless-{what}" for what in ("arch", "async", "lang", "os", "package-version", "runtime", "runtime-version")
)
"""Headers in which the client describes the machine it runs on; they are removed."""

_DONE: Final = re.compile(rb"(?:^|[\r\n])data: ?\[DONE\]\s*$")

for _library in ("openai", "httpx2", "httpcore2"):  # at DEBUG they log headers, which a server fills as it likes
    logging.getLogger(_library).setLevel(logging.WARNING)

_exchange: ContextVar[Exchange] = ContextVar("mealplanner_exchange")


class Transport:
    """A sender of requests to one server. Threads may share it. No connection is kept between requests.

    A kept connection may turn out to be closed only when the next question is on its way, and questions are not asked
    twice. It would also be shared with forked processes.
    """

    def __init__(self, server: ModelServer) -> None:
        http = _HttpClient(
            keyless=server.api_key is None,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            trust_env=not server.here,  # the operator's proxy does not lead to this machine
        )
        self._openai = openai.OpenAI(
            api_key=server.api_key or "none", base_url=server.base_url or OPENAI, max_retries=0, http_client=http
        )
        self._exchanges: set[Exchange] = set()

    def begin(self, request: Mapping[str, Any], *, seconds: float) -> Exchange:
        """Send `request`, the arguments of a chat completion, on a thread of its own.

        The thread ends by itself after `seconds` in which nothing happens.
        """
        exchange = Exchange()
        timeout = httpx2.Timeout(max(seconds, 0.001))
        create: Any = self._openai.chat.completions.with_raw_response.create

        def send() -> None:
            self._exchanges.add(exchange)
            try:
                exchange.run(lambda: create(**request, timeout=timeout))
            finally:
                self._exchanges.discard(exchange)

        threading.Thread(target=send, name="model call", daemon=True).start()
        return exchange

    def leave_to_the_parent(self) -> None:
        """Close a forked child's copies of the connections, without sending anything on them."""
        for exchange in self._exchanges.copy():
            exchange.let_go()


class Exchange:
    """One request and what comes of it: created by the thread that waits, run by the one that sends."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.sending = False
        """Whether anything of the request may have reached the server."""
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._over = False
        self._result: Reply | Broken | None = None
        self._bug: BaseException | None = None

    def run(self, send: Callable[[], object]) -> None:
        """Send the request and wait for its reply, on this thread."""
        _exchange.set(self)
        try:
            send()
        except openai.APIStatusError:
            pass  # its reply was kept like any other
        except openai.APIConnectionError as error:
            self._result = _broken(error, connected=self.sending)
        except BaseException as error:
            self._bug = error
        finally:
            self.done.set()

    def result(self) -> Reply | Broken:
        """Return what came of it, once it is `done`. Raise any exception that is a bug of ours or of a library."""
        if self._bug is not None:
            raise self._bug
        assert self._result is not None
        return self._result

    def note(self, reply: Reply) -> None:
        """Keep the reply."""
        self._result = reply

    def break_off(self) -> None:
        """End the connection, at whatever point it is; one that is still being made is ended as soon as it exists."""
        with self._lock:
            self._over = True
            if self._socket is not None:
                _shut(self._socket)

    def let_go(self) -> None:
        """Close this process's end only."""
        if self._socket is not None:
            self._socket.close()

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Follow what the HTTP library does, as it calls this for each step."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._hold(told["return_value"].get_extra_info("socket"))
        elif event.endswith(".send_request_headers.started"):
            self.sending = True

    def _hold(self, connected: socket.socket) -> None:
        with self._lock:
            self._socket = connected
            if self._over:
                _shut(connected)


class _HttpClient(httpx2.Client):
    """A client that reads every reply, including its body, so that nothing above it reads without a limit."""

    def __init__(self, *, keyless: bool, **options: Any) -> None:
        super().__init__(**options)
        self._keyless = keyless

    def send(self, request: httpx2.Request, **_options: Any) -> httpx2.Response:
        """Send one request. The response that is returned has a status but no body: the exchange has that."""
        exchange = _exchange.get()
        request.extensions["trace"] = exchange.trace
        request.headers["Accept-Encoding"] = "identity"  # two compressed megabytes could unpack to two thousand
        for name in [name for name in request.headers if name.lower() in _MACHINE_HEADERS]:
            del request.headers[name]
        if self._keyless:
            del request.headers["Authorization"]
        response = super().send(request, stream=True, follow_redirects=False)
        try:
            streamed = "event-stream" in response.headers.get("content-type", "")
            body, whole = _bounded(response.iter_raw(), streamed=streamed)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        exchange.note(Reply(status=response.status_code, headers=headers, body=body, whole=whole))
        return httpx2.Response(response.status_code, request=request)


def _bounded(chunks: Iterator[bytes], *, streamed: bool) -> tuple[bytes, bool]:
    """Return what `chunks` hold, or its beginning, and whether that is all. A stream of events ends with `[DONE]`."""
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) > MOST_BYTES:
            return bytes(read[:MOST_BYTES]), False
        if streamed and _DONE.search(read[-40:]):
            break
    return bytes(read), True


def _broken(error: openai.APIConnectionError, *, connected: bool) -> Broken:
    """Name the innermost reason: it is the one that says something."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    words = one_line(str(cause)) or type(cause).__name__
    untrusted = isinstance(cause, ssl.SSLCertVerificationError)
    return Broken(why=f"no answer: {words}", connected=connected, untrusted=untrusted)


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(
            connected, socket.SHUT_RDWR
        )  # below TLS, which could wait for an answer to its closing message

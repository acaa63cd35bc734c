"""A server on loopback that speaks OpenAI's protocol, well or as badly as a server can.

What it *says* in a good answer comes from an `Answer`: a function from the request's JSON to the text of the message.
`plain_answer` is for tests that do not read it. How it *misbehaves* is a mode of `tests/fake_model/modes.py`. For each
request the mode is, in this order: the next of the script (`fake.script("cut", "ok")`), what the name of the model says
(`mode:drip`), and `fake.mode`.

    with FakeModel(answer=content.answer) as fake:
        fake.script("no_schema")                    # the first request only
        fake.during = lambda asked: gate.wait(30)   # the server holds every call meanwhile
        ModelClient(ModelServer(base_url=fake.url, model="any")).ask(call)
        (asked, *_) = fake.requests                 # everything that arrived, in order

By hand: `python -m tests.fake_model --port 8089 --mode ok`.
"""

from __future__ import annotations

import json
import select
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fake_model.modes import MODES
from tests.waiting import PATIENCE

Answer = Callable[[Mapping[str, Any]], str]
"""From the JSON of a request (`model`, `messages`, `response_format`, ...) to the content of the answer's message.

It is called on the request's own thread, so several calls may run at once. In the format `json_schema`, the name at
`request["response_format"]["json_schema"]["name"]` is the `schema_name` of the `Call`; in the others the schema and its
name are at the end of the instructions."""


def plain_answer(_request: Mapping[str, Any]) -> str:
    """The shortest good answer."""
    return '{"answer": 42}'


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived. `body` is {} if it was no JSON."""

    path: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: Mapping[str, Any]
    mode: str
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the client closes the connection before it has a whole answer."""

    @property
    def response_format(self) -> str:
        """The response format that was asked for: json_schema, json_object or text."""
        return str(self.body.get("response_format", {}).get("type", "text"))


class FakeModel:
    """A server that runs during a `with` block, on threads of its own, at `url`. See the module for its use."""

    def __init__(
        self, mode: str = "ok", *, answer: Answer = plain_answer, port: int = 0, certificate: Path | None = None
    ) -> None:
        self.mode = mode
        self.answer = answer
        self.during: Callable[[Asked], object] = lambda _asked: None
        """Called inside each request, on its thread, before anything is answered."""
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._script: deque[str] = deque()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._scheme = "http"
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            plain = self._server.socket
            self._server.socket = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake model", daemon=True)

    @property
    def url(self) -> str:
        """The value for OPENAI_BASE_URL."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, *modes: str) -> None:
        """Set the modes of the next requests, one each."""
        unknown = set(modes) - set(MODES)
        assert not unknown, f"no such mode: {unknown}"
        self._script.extend(modes)

    def wait_for(self, number: int) -> list[Asked]:
        """Return the first `number` requests, as soon as there are so many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= number, PATIENCE), "too few requests arrived"
            return self.requests[:number]

    def receive(self, path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Asked:
        """Record a request and choose its mode."""
        named = str(body.get("model", "")).removeprefix("mode:")
        with self._arrived:
            mode = self._script.popleft() if self._script else named if named in MODES else self.mode
            asked = Asked(path=path, headers=headers, body=body, mode=mode)
            self.requests.append(asked)
            self._arrived.notify_all()
        self.during(asked)
        return asked

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, and end all open conversations."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


class Conversation:
    """One request and the connection to answer it on. Every method raises `OSError` if the client has gone."""

    def __init__(self, fake: FakeModel, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        self._fake = fake
        self._handler = handler
        self.asked = asked
        self.connection = handler.connection

    def content(self) -> str:
        """Return the text of a good answer."""
        return self._fake.answer(self.asked.body)

    def completion(self, message: Mapping[str, Any], finish: str | None = "stop", **other: Any) -> dict[str, Any]:
        """Return a whole answer around `message`; `other` replaces other fields."""
        usage = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}
        choices = [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}]
        return {"id": "chatcmpl-fake", "object": "chat.completion", "created": 1, "model": "fake", "choices": choices,
                "usage": usage, **other}  # fmt: skip

    def json(self, value: object, status: int = 200, **headers: str) -> None:
        """Send JSON."""
        self.send(json.dumps(value).encode(), status, **{"Content-Type": "application/json", **headers})

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer; `_` in the name of a header stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.begin(status, **{"Content-Length": str(len(body)), **named})
        self.write(body)

    def begin(self, status: int = 200, **headers: str) -> None:
        """Send the head of an answer."""
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def write(self, some: bytes) -> None:
        """Send some bytes as they are."""
        self._handler.wfile.write(some)

    def pause(self, seconds: float) -> bool:
        """Wait, and return False if the server is closing. Raise `OSError` if the client has gone or sends more."""
        ready, _, _ = select.select([self.connection], [], [], 0)
        if ready:
            raise ConnectionAbortedError
        return not self._fake.closing.wait(seconds)

    def drip(self, some: bytes, every: float = 0.05) -> None:
        """Send one byte at a time."""
        for byte in some:
            self.write(bytes([byte]))
            if not self.pause(every):
                return

    def say_nothing(self) -> None:
        """Keep the connection open until the client or the server ends it."""
        while self.pause(0.02):
            pass

    def reset(self) -> None:
        """Close the connection after this mode."""
        self._handler.close_connection = True


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


def _handler(fake: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement

        def do_POST(self) -> None:  # the library's name
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                body = json.loads(text)
            except ValueError:
                body = {}
            asked = fake.receive(self.path, headers, body)
            try:
                MODES[asked.mode](Conversation(fake, self, asked))
            except OSError:
                self.close_connection = True
                asked.gone.set()

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler

"""Send requests over connections that are kept, from a process of its own: a line of JSON in, a line of JSON out.

`Round` says what to send, `Answers` what came back. Every connection has one request, which it sends again and again,
each time as soon as the answer is there.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

VERSION = "VERSION"
"""Where a form carries the version that its save is made over: it counts up with each save that was answered."""

BROWSER = "load"
"""What it calls itself; a session belongs to the browser that it was begun in."""

LONGEST = 60.0
"""Seconds after which an answer counts as none."""

_STATUS = re.compile(rb"HTTP/1.1 (\d{3})")
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")
_CLOSES = re.compile(rb"(?i)connection: close")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one connection sends. `form` may hold `VERSION`, and `version` is where it begins."""

    method: str
    path: str
    cookie: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    etag: str = ""
    """Of the page that the browser has kept."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """As many connections as requests, for some `seconds`; any status but `expected` is an error."""

    address: tuple[str, int]
    requests: list[Request]
    seconds: float
    expected: int


@dataclass(frozen=True, kw_only=True)
class Answers:
    """`latencies` of the answers as expected, in seconds; `elapsed` is the time from the first request to the last
    answer."""

    elapsed: float
    latencies: list[float]
    errors: list[str]


class Load:
    """The process, for the length of a block."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.benchmarks.load"]
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def send(self, what: Round) -> Answers:
        """Have the process send one round."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(what)) + "\n")
        self._process.stdin.flush()
        return Answers(**json.loads(self._process.stdout.readline()))


def message(request: Request, version: int) -> bytes:
    """Return the bytes of a request."""
    fields = {name: str(version) if value == VERSION else value for name, value in request.form.items()}
    body = urlencode(fields).encode()
    lines = [f"{request.method} {request.path} HTTP/1.1", "Host: localhost", f"User-Agent: {BROWSER}"]
    lines += ["Accept-Encoding: gzip"]
    lines += [f"Cookie: {request.cookie}"] * bool(request.cookie)
    lines += [f"If-None-Match: {request.etag}"] * bool(request.etag)
    if request.method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> tuple[int, bytes, bool]:
    """Send one request; return the status, the body, and whether the server closes the connection.

    Every answer of the contenders has its length, or no body.
    """
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = _STATUS.match(head), _LENGTH.search(head)
    assert status is not None, head
    if status[1] == b"304":
        return 304, b"", _CLOSES.search(head) is not None
    assert length is not None, head
    return int(status[1]), await reader.readexactly(int(length[1])), _CLOSES.search(head) is not None


async def _keep_asking(what: Round, request: Request, until: float, answers: Answers) -> None:
    version, streams = request.version, None
    while (began := time.perf_counter()) < until:
        try:
            streams = streams or await asyncio.open_connection(*what.address)
            status, _, closes = await asyncio.wait_for(exchange(*streams, message(request, version)), LONGEST)
        except (TimeoutError, OSError, EOFError, AssertionError) as error:
            answers.errors.append(type(error).__name__)
            closes, status = True, 0
        if status == what.expected:
            answers.latencies.append(time.perf_counter() - began)
            version += 1
        elif status:
            answers.errors.append(str(status))
        if closes and streams is not None:
            streams[1].close()
            streams = None
    if streams is not None:
        streams[1].close()


async def _play(what: Round) -> Answers:
    answers = Answers(elapsed=0.0, latencies=[], errors=[])
    began = time.perf_counter()
    await asyncio.gather(*(_keep_asking(what, one, began + what.seconds, answers) for one in what.requests))
    return Answers(elapsed=time.perf_counter() - began, latencies=answers.latencies, errors=answers.errors)


def _read(line: str) -> Round:
    told: dict[str, Any] = json.loads(line)
    requests = [Request(**request) for request in told.pop("requests")]
    return Round(**{**told, "address": tuple(told["address"]), "requests": requests})


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(asdict(asyncio.run(_play(_read(line))))), flush=True)

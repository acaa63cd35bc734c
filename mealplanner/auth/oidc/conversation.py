"""Requests to a provider: one deadline for all of them together, and a limit on what is read of each answer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

import httpx2

SECONDS: Final = 10.0
MOST_BYTES: Final = 256 * 1024


class Trouble(Exception):
    """The provider did not answer as it should: `cause` is one of `ProviderTrouble.CAUSES`."""

    def __init__(self, cause: str, why: str) -> None:
        super().__init__(why)
        self.cause = cause


class Answer:
    """An answer that was read to its end, as authlib wants it."""

    def __init__(self, status_code: int, body: bytes) -> None:
        self.status_code = status_code
        self._body = body

    def json(self) -> Any:
        """Return the body. Raise `ValueError` if it is no JSON."""
        return json.loads(self._body)

    def raise_for_status(self) -> None:
        """Raise `Trouble` for an answer that is no success."""
        if self.status_code >= 400:
            raise Trouble("wrong", f"status {self.status_code}")


class Conversation:
    """Several requests, which together take `seconds` at most: whatever is slow is cut off, also bytes that trickle."""

    def __init__(self, *, trust_env: bool, seconds: float = SECONDS) -> None:
        self._trust_env = trust_env
        self._end = time.monotonic() + seconds

    def get(self, url: str) -> dict[str, Any]:
        """Return the JSON object at `url`. Raise `Trouble`."""
        answer = self._send("GET", url)
        answer.raise_for_status()
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict) or answer.status_code != 200:
            raise Trouble("wrong", f"no JSON object, with status {answer.status_code}")
        return found

    def post(self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Answer:
        """Send a form with the credentials of `auth`, as authlib calls a session of `requests`."""
        _, signed, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self._send("POST", url, headers=signed, content=body)

    def _send(self, method: str, url: str, **options: Any) -> Answer:
        left, cut = self._end - time.monotonic(), _Cut()
        if left <= 0:
            raise Trouble("slow", "the deadline passed")
        timer = threading.Timer(left, cut.off)
        timer.daemon = True
        timer.start()
        try:
            with httpx2.Client(timeout=left, trust_env=self._trust_env, follow_redirects=False) as client:
                request = client.build_request(method, url, extensions={"trace": cut.trace}, **options)
                request.headers["Accept-Encoding"] = "identity"  # a small answer could unpack to a huge one
                return self._read(client.send(request, stream=True))
        except httpx2.TimeoutException:
            raise Trouble("slow", "the deadline passed") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            if cut.over:
                raise Trouble("slow", "the deadline passed") from None
            raise Trouble("unreachable", f"{type(error).__name__}: {error}") from None
        finally:
            timer.cancel()

    def _read(self, response: httpx2.Response) -> Answer:
        body = bytearray()
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Trouble("huge", f"more than {MOST_BYTES} bytes")
        finally:
            response.close()
        return Answer(response.status_code, bytes(body))


class _Cut:
    """Ends a connection from another thread, at whatever point it is."""

    def __init__(self) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Take the connection from what the HTTP library tells of each of its steps."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = told["return_value"].get_extra_info("socket")
            if self.over:
                self.off()

    def off(self) -> None:
        """End the connection; one that is still being made is ended as soon as it exists."""
        with self._lock:
            self.over = True
            if self._socket is not None:
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

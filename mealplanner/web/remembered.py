"""Answers that need not be drawn again, because nothing that they depend on has changed.

What an answer depends on is its key. A browser that has the answer of this key is told so (304), by an ETag that names
the key. Otherwise the answer may have been drawn in this process before. Only if neither is so is the rest of it read
and drawn, and what was drawn is remembered, without the security token of the person who asked for it.

Every key has the release, the path that the site is mounted at, the format and the address of the request; what else an
answer depends on, the view has to name. An answer with a message that is shown once is drawn for itself.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Flask, Response, current_app, request, session
from flask_wtf.csrf import generate_csrf

from mealplanner.web.bearer import bearer
from mealplanner.web.compression import SMALLEST, Pieces, takes_gzip
from mealplanner.web.errors import wants_json
from mealplanner.web.pages import Answer, DeferredResponse
from mealplanner.web.release import release

REMEMBERED_BYTES: Final = 32 * 1024 * 1024
"""Of text, in each process; about 300 weeks. The answers that were used least recently are dropped."""

HEADERS: Final = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Accept, Content-Type, Accept-Encoding"}
"""A browser may keep the answer, and asks whether it still holds each time before it shows it."""

_KEY: Final = "mealplanner.remembered"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The text of an answer without the security token."""

    mimetype: str
    pieces: Pieces


class Memory:
    """Answers by their keys, up to `limit` bytes of text. Threads share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._drawn: OrderedDict[bytes, Drawn] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Drawn | None:
        """Return what was drawn for `key`."""
        with self._lock:
            found = self._drawn.get(key)
            if found is not None:
                self._drawn.move_to_end(key)
            return found

    def put(self, key: bytes, drawn: Drawn) -> None:
        """Remember what was drawn for `key`, and drop what was used least recently if there is too much."""
        with self._lock:
            if key not in self._drawn:
                self._drawn[key] = drawn
                self._bytes += len(drawn.pieces)
            while self._bytes > self._limit:
                _, dropped = self._drawn.popitem(last=False)
                self._bytes -= len(dropped.pieces)


def init_memory(app: Flask, limit: int = REMEMBERED_BYTES) -> None:
    """Let `app` remember as many bytes of answers."""
    app.extensions[_KEY] = Memory(limit)
    release()  # now, for all requests


def remembered(*depends_on: object, read: Callable[[], Answer]) -> Answer:
    """Answer with 304, with what was drawn before, or with what `read` returns, which is read and drawn only then.

    `depends_on` is all that the answer depends on, as values whose `repr` tells them apart.
    """
    if "_flashes" in session:
        return read()
    key = _digest(release(), request.root_path, request.path, request.query_string, wants_json(), depends_on)
    if bearer() is not None:
        headers = {**HEADERS, "Vary": "Authorization", "ETag": f'W/"{key.hex()}"'}
        return _answered(key, key.hex(), headers, read, lambda: b"")
    if "csrf_token" not in session:
        generate_csrf()
    etag = _digest(key, session["csrf_token"]).hex()  # the token in a page of an earlier session is void
    headers = {**HEADERS, "ETag": f'W/"{etag}"'}
    return _answered(key, etag, headers, read, _token)


def remembered_openly(*depends_on: object, seconds: int, read: Callable[[], Answer]) -> Answer:
    """Answer as `remembered` does to clients that have no session and get none.

    The host's name counts too. A client need not ask again for so many `seconds`.
    """
    key = _digest(release(), request.host_url, request.root_path, request.path, depends_on)
    etag = key.hex()
    headers = {"Cache-Control": f"private, max-age={seconds}", "ETag": f'W/"{etag}"', "X-Robots-Tag": "noindex"}
    return _answered(key, etag, headers, read, lambda: b"")


def _answered(
    key: bytes, etag: str, headers: Mapping[str, str], read: Callable[[], Answer], token: Callable[[], bytes]
) -> Answer:
    if request.if_none_match.contains_weak(etag):
        return DeferredResponse(build=Response, status=304, headers=headers)
    memory: Memory = current_app.extensions[_KEY]
    drawn = memory.get(key)
    if drawn is not None:
        return DeferredResponse(build=partial(_filled, drawn, token), headers=headers)
    answer = read()
    if not isinstance(answer, DeferredResponse) or answer.status != 200:
        return answer
    return DeferredResponse(build=partial(_draw, answer, memory, key, token), headers={**answer.headers, **headers})


def _token() -> bytes:
    token: str = generate_csrf()
    return token.encode()


def _digest(*values: object) -> bytes:
    return hashlib.blake2b(repr(values).encode(), digest_size=16).digest()


def _draw(answer: DeferredResponse, memory: Memory, key: bytes, token: Callable[[], bytes]) -> Response:
    response = answer.built()
    drawn = Drawn(response.mimetype or "", Pieces(response.get_data(), token()))
    memory.put(key, drawn)
    return _filled(drawn, token)


def _filled(drawn: Drawn, token: Callable[[], bytes]) -> Response:
    """Return the answer with the token of this session, if it has one."""
    if takes_gzip() and len(drawn.pieces) >= SMALLEST:
        headers = {"Content-Encoding": "gzip"}
        return Response(drawn.pieces.gzipped(token()), mimetype=drawn.mimetype, headers=headers)
    return Response(drawn.pieces.joined(token()), mimetype=drawn.mimetype)

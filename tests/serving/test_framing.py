"""Where a request ends, as gunicorn's own parser sees it."""

from __future__ import annotations

import random

import pytest
from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.errors import ChunkMissingTerminator, NoMoreData

from mealplanner.serving.framing import LONGEST_BODY, LONGEST_HEAD, HeadTooLong, Incoming
from mealplanner.web.security import MAXIMUM_BODY

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
REQUESTS = {
    "no body": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a length": HEAD + b"content-LENGTH:  12\r\nX: y\r\n\r\nwith\r\n\r\nline",
    "an empty body": HEAD + b"Content-Length: 0\r\n\r\n",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
    "trailers": HEAD + b"Transfer-Encoding: gzip, Chunked\r\n\r\n1\r\nx\r\n000\r\nX-One: 1\r\nX-Two: 2\r\n\r\n",
}


def is_whole(data: bytes) -> bool:
    """Return whether gunicorn reads a request and its body from `data` without wanting more."""
    try:
        request = next(RequestParser(Config(), iter([data]), ("127.0.0.1", 1)))
        body = request.body.read()
    except (NoMoreData, ChunkMissingTerminator, StopIteration):
        return False
    length = next((int(value) for name, value in request.headers if name == "CONTENT-LENGTH"), len(body))
    return len(body) == length


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize("pieces", ["bytes", "any", "one"])
def test_a_request_is_whole_when_gunicorn_needs_no_more(request_: bytes, pieces: str) -> None:
    """Not a byte earlier, however it arrives."""
    dice = random.Random(1)
    incoming, begin, whole = Incoming(), 0, False
    while begin < len(request_):
        end = {"bytes": begin + 1, "any": begin + dice.randint(1, 30), "one": len(request_)}[pieces]
        assert not whole
        whole = incoming.add(request_[begin:end])
        assert whole == is_whole(request_[:end])
        begin = end
    assert whole
    assert incoming.data == request_


def test_a_body_that_the_application_takes_is_awaited_to_its_end() -> None:
    assert LONGEST_BODY >= MAXIMUM_BODY


def test_what_follows_a_request_does_not_matter() -> None:
    assert Incoming().add(REQUESTS["no body"] + b"GET /second HTTP/1.1\r\n")
    assert Incoming().add(REQUESTS["a length"] + REQUESTS["chunks"][:20])


def test_a_malformed_chunk_is_left_to_gunicorn() -> None:
    assert Incoming().add(HEAD + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n")


@pytest.mark.parametrize("length", [LONGEST_BODY + 1, 10**30])
def test_of_a_body_that_will_be_refused_not_all_is_awaited(length: int) -> None:
    incoming = Incoming()
    assert not incoming.add(HEAD + b"Content-Length: %d\r\n\r\n" % length)
    assert not incoming.add(b"x" * (LONGEST_BODY - 1))
    assert incoming.add(b"x")


@pytest.mark.parametrize("piece", [b"400\r\n" + b"x" * 0x400 + b"\r\n", b"0\r\n" + b"X: y\r\n" * 200, b"x" * 1000])
def test_of_endless_chunks_not_all_are_awaited(piece: bytes) -> None:
    """Nor of one chunk, nor of trailers."""
    incoming = Incoming()
    incoming.add(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    assert any(incoming.add(piece) for _ in range(2 * LONGEST_BODY // len(piece)))


def test_endless_headers_are_refused() -> None:
    incoming = Incoming()
    with pytest.raises(HeadTooLong):
        for _ in range(LONGEST_HEAD):
            incoming.add(b"X: y\r\n")


def test_a_client_that_waits_before_it_sends_the_body_is_noticed() -> None:
    incoming = Incoming()
    incoming.add(HEAD + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n")
    assert incoming.awaits_continue

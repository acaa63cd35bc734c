"""What is compressed, what is not, and that the security token never is."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest
from flask import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mealplanner.web.compression import SMALLEST, Pieces, init_compression
from tests.visitor import Visitor
from tests.web.conftest import Serve

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(), secret=st.text(alphabet="abcdef0123456789.-_", min_size=1), other=st.text(max_size=200))
def test_any_text_comes_back_with_the_token_of_the_moment(text: str, secret: str, other: str) -> None:
    pieces = Pieces(text.encode(), secret.encode())
    for token in (secret, other):
        expected = text.encode().replace(secret.encode(), token.encode())
        assert pieces.joined(token.encode()) == expected
        assert gzip.decompress(pieces.gzipped(token.encode())) == expected


def test_every_page_comes_compressed_with_the_same_text(person: Visitor) -> None:
    person.get("/")  # shows once what registering had to say
    for path in ("/", "/menu/", "/preferences", "/recipes/", "/auth/account", "/nowhere"):
        plain, packed = person.get(path), person.client.get(path, headers=GZIP)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
        text = gzip.decompress(packed.data).decode()
        assert _without_tokens(text) == _without_tokens(plain.text)
        assert {"Accept-Encoding", "Cookie"} <= set(packed.vary) & set(plain.vary) | {"Cookie"}


def test_the_length_of_a_page_tells_nothing_of_its_token(person: Visitor) -> None:
    """A page that shows most of the token again is as long as one that shows any other text, unlike with plain gzip."""
    token = person.token()
    guess, other = token[:40], token[39::-1]

    def answer(typed: str) -> bytes:
        form = {"email": typed, "password": "wrong", "csrf_token": token}
        return person.client.post("/auth/login", data=form, headers=GZIP).data

    def plain(typed: str) -> bytes:
        return gzip.compress(gzip.decompress(answer(typed)))

    assert len(plain(other)) - len(plain(guess)) > 15
    assert abs(len(answer(other)) - len(answer(guess))) < 10


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_a_client_that_takes_no_gzip_gets_none(person: Visitor, accepted: str) -> None:
    answer = person.client.get("/preferences", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.vary


def test_a_head_request_is_told_what_a_get_request_gets(person: Visitor) -> None:
    person.get("/")  # shows once what registering had to say
    got, told = (person.client.open("/preferences", method=method, headers=GZIP) for method in ("GET", "HEAD"))
    assert told.data == b""
    for name in ("Content-Encoding", "Vary"):
        assert told.headers[name] == got.headers[name]
    assert abs(int(told.headers["Content-Length"]) - int(got.headers["Content-Length"])) <= 2


@pytest.mark.parametrize(
    ("answer", "packed"),
    [
        (Response("x" * SMALLEST, mimetype="text/plain"), True),
        (Response("x" * (SMALLEST - 1), mimetype="text/plain"), False),
        (Response("x" * SMALLEST, mimetype="image/png"), False),
        (Response("x" * SMALLEST, mimetype="text/plain", headers={"Content-Encoding": "br"}), False),
        (Response("x" * SMALLEST, 206, mimetype="text/plain"), False),
        (Response((part for part in ["x" * SMALLEST]), mimetype="text/plain"), False),
        (Response("x" * SMALLEST, 304, mimetype="text/plain"), False),
    ],
    ids=["text", "short", "image", "compressed already", "part", "streamed", "not modified"],
)
def test_only_whole_texts_of_some_length_are_compressed(serve: Serve, answer: Response, packed: bool) -> None:
    client = serve(lambda: answer)
    init_compression(client.application)
    found = client.get("/", headers=GZIP)
    assert (found.headers.get("Content-Encoding") == "gzip") is packed


def test_files_are_compressed_once_and_known_again(visitor: Visitor) -> None:
    plain = visitor.get("/static/app.css")
    packed = visitor.client.get("/static/app.css", headers=GZIP)
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary
    assert plain.headers["ETag"] == packed.headers["ETag"]
    again = visitor.client.get("/static/app.css", headers={**GZIP, "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = visitor.client.get("/static/app.css", headers={**GZIP, "Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, plain.data[:10])
    for answer in (plain, packed, again, part):
        answer.close()


def _without_tokens(page: str) -> str:
    """Return a page without what differs from one answer to the next."""
    page = re.sub(r'(csrf[-_]token"[^>]*(?:content|value)=")[^"]*', r"\1", page)
    return re.sub(r'(name="idempotency_key" value="|request-id">|<code>)[^"<]*', r"\1", page)


def test_python_and_browsers_read_the_same_format() -> None:
    """The header is that of a single member, and nothing follows its end."""
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    packed = Pieces(b"a secret b secret", b"secret").gzipped(b"other")
    assert reader.decompress(packed) == b"a other b other"
    assert reader.eof
    assert reader.unused_data == b""

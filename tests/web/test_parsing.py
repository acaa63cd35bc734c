"""A body is read as what it says it is, or refused with what was expected; it is never taken for an empty one."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from mealplanner.web.parsing import JSON_AS_FORM, NO_FORM, NO_KNOWN_TYPE, NOT_JSON, submitted

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def bare() -> Flask:
    return Flask(__name__)


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        (b"{", "application/json", 400, NOT_JSON),
        (b"{'version': 1}", "application/json", 400, NOT_JSON),
        (b"\xff\xfe", "application/json", 400, NOT_JSON),
        (b'{"version": ' + b"9" * 5000 + b"}", "application/json", 400, NOT_JSON),
        (b'{"a": ' * 100_000, "application/json", 400, "nested too deeply"),
        (b"[1]", "application/json", 400, "must be an object"),
        (b"null", "application/vnd.api+json", 400, "must be an object"),
        (b'{"version": 1}', "text/plain", 415, NO_KNOWN_TYPE),
        (b"<version>1</version>", "application/xml", 415, NO_KNOWN_TYPE),
        (b'{"version": 1}', "", 415, NO_KNOWN_TYPE),
        (b'{"version": 1}', FORM, 400, JSON_AS_FORM),
        (b'["version"]', FORM, 400, JSON_AS_FORM),
        (b"version=1", "multipart/form-data", 400, NO_FORM),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_expected(
    bare: Flask, body: bytes, kind: str, status: int, sentence: str
) -> None:
    sent = bare.test_request_context(method="POST", data=body, content_type=kind)
    with sent, pytest.raises(HTTPException) as refused:
        submitted()
    assert refused.value.code == status
    assert sentence in str(refused.value.description)


@pytest.mark.parametrize("kind", ["application/json", FORM, "multipart/form-data", "text/plain", ""])
def test_no_body_at_all_is_an_empty_one(bare: Flask, kind: str) -> None:
    with bare.test_request_context(method="POST", data=b"", content_type=kind):
        assert dict(submitted()) == {}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"version": "1"}', "application/json"),
        (b'{"version": "1"}', "application/problem+json; charset=utf-8"),
        (b"version=1", FORM),
        (b'--x\r\nContent-Disposition: form-data; name="version"\r\n\r\n1\r\n--x--', "multipart/form-data; boundary=x"),
    ],
)
def test_forms_and_json_are_read_alike(bare: Flask, body: bytes, kind: str) -> None:
    with bare.test_request_context(method="POST", data=body, content_type=kind):
        assert dict(submitted()) == {"version": "1"}

"""What a server says about when to come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Failure
from mealplanner.llm.replies import Reply
from mealplanner.llm.server_errors import error_outcome, is_form_refused, retry_after

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "7.5"}, 7.5),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "-3"}, 1),
        ({"retry-after": "99999"}, 3600),
        ({"retry-after": "Wed, 25 Nov 2026 12:01:30 GMT"}, 90),
        ({"retry-after": "Wed, 25 Nov 2026 12:01:30 -0000"}, 90),
        ({"retry-after": "Wed, 25 Nov 2026 11:00:00 GMT"}, 1),
        ({"retry-after": "Fri, 25 Nov 2036 12:00:00 GMT"}, 3600),
        ({"retry-after-ms": "2500"}, 2.5),
        ({"retry-after-ms": "2500", "retry-after": "3"}, 2.5),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_a_wait_is_read_in_any_form(headers: Mapping[str, str], seconds: float | None) -> None:
    """And kept between a second and an hour."""
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "Too\\nlong a day"}}', "the server answered 500: Too long a day"),
        (b'{"error": "model not loaded"}', "the server answered 500: model not loaded"),
        (b'{"detail": "no such thing"}', "the server answered 500: no such thing"),
        (b'"no"', "the server answered 500: no"),
        (b'{"error": {"message": null, "code": 3}}', "the server said 500"),
        (b"[" * 100_000, "the server said 500"),
        (b"", "the server said 500"),
        (b'{"error": {"message": "%s"}}' % (b"x" * 1000), "the server answered 500: " + "x" * 300),
    ],
    ids=lambda value: value[:30],
)
def test_the_words_of_a_server_are_told(body: bytes, words: str) -> None:
    """Whoever worded them, on one line, cut."""
    assert told(Reply(status=500, headers={}, body=body)).why == words


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (400, b"", True),
        (422, b"", True),
        (501, b"", True),
        (400, b'{"error": {"code": "content_filter"}}', False),
        (400, b'{"error": {"code": "model_not_found"}}', False),
        (400, b'{"error": {"code": 400, "type": "exceed_context_size_error"}}', False),
        (400, b'{"message": "This model\'s maximum context length is 4096 tokens."}', False),
        (400, b'{"error": {"code": "unsupported_parameter", "param": "max_tokens"}}', False),
        (400, b'{"error": {"code": "unsupported_parameter", "param": "response_format"}}', True),
        (401, b"", False),
        (500, b"", False),
    ],
)
def test_another_form_of_question_helps_only_where_the_form_was_refused(status: int, body: bytes, again: bool) -> None:
    """Not against a filter, nor a model that is not there."""
    assert is_form_refused(Reply(status=status, headers={}, body=body)) is again


def told(reply: Reply) -> Failure:
    """How a call ends."""
    outcome = error_outcome(reply, server=ModelServer(), worked=False, now=NOW)
    assert isinstance(outcome, Failure)
    return outcome

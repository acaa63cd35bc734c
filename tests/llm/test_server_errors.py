"""What the errors of servers mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import Failure, RetryLater, Transient
from mealplanner.llm.replies import FormProblem, Reply
from mealplanner.llm.request_forms import Form
from mealplanner.llm.server_errors import error_outcome, form_problem, retry_after

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
    """It is kept between a second and an hour."""
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "Too\\nlong a day"}}', "the server answered 500: Too long a day"),
        (b'{"error": "model not loaded"}', "the server answered 500: model not loaded"),
        (b'{"detail": "no such thing"}', "the server answered 500: no such thing"),
        (b'"no"', "the server answered 500: no"),
        (b'{"error": {"message": null, "code": 3}}', "the server answered 500"),
        (b"[" * 100_000, "the server answered 500"),
        (b"", "the server answered 500"),
        (b'{"error": {"message": "%s"}}' % (b"x" * 1000), "the server answered 500: " + "x" * 300),
    ],
    ids=lambda value: value[:30],
)
def test_the_message_of_a_server_is_logged(body: bytes, words: str) -> None:
    """In each maker's format, on one line, cut."""
    assert told(Reply(status=500, headers={}, body=body)).why == words


REFUSED, ROLE = FormProblem.FORMAT_REFUSED, FormProblem.SYSTEM_ROLE


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (400, b"", REFUSED),
        (422, b"", REFUSED),
        (501, b"", REFUSED),
        (400, b'{"error": {"code": "content_filter"}}', None),
        (400, b'{"error": {"code": "model_not_found"}}', None),
        (400, b'{"error": {"code": 400, "type": "exceed_context_size_error"}}', None),
        (400, b'{"message": "This model\'s maximum context length is 4096 tokens."}', None),
        (400, b'{"error": {"code": "unsupported_parameter", "param": "max_tokens"}}', None),
        (400, b'{"error": {"code": "unsupported_parameter", "param": "response_format"}}', REFUSED),
        (401, b"", None),
        (500, b"", None),
        (500, b'{"error": "failed to parse grammar"}', REFUSED),
        (500, b"Failed to initialize samplers", REFUSED),
        (502, b'{"message": "xgrammar: unsupported JSON schema"}', REFUSED),
        (500, b"<html><script>schema.org</script><div role='main'>", None),
        (429, b'{"error": "too many schemas"}', None),
        (400, b'{"error": {"message": "System role not supported"}}', ROLE),
        (500, b"Only user and assistant roles are supported!", ROLE),
        (422, b'{"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "Input should be \'user\'"}]}', ROLE),
        (403, b'{"error": "your role may not do this"}', None),
        (400, b'{"error": {"message": "Invalid value: \'system\'.", "param": "messages[0].role"}}', ROLE),
        (400, b'{"error": "Conversations must start with a user message"}', ROLE),
        (400, b'{"error": "This model does not support system messages"}', ROLE),
        (500, b'{"error": "TemplateError: System prompt is not supported"}', ROLE),
        (500, b'{"error": "outlines could not compile the regex"}', REFUSED),
        (400, b'{"error": "This model does not support structured outputs"}', REFUSED),
        (404, b'{"error": "No endpoints found that can handle the requested parameters"}', REFUSED),
    ],
)
def test_another_form_is_tried_only_if_the_form_was_refused(
    status: int, body: bytes, problem: FormProblem | None
) -> None:
    assert form_problem(Reply(status=status, headers={}, body=body), Form()) is problem


def test_a_question_without_a_system_role_has_none_to_refuse() -> None:
    reply = Reply(status=400, headers={}, body=b"System role not supported")
    assert form_problem(reply, Form(system_role=False)) is FormProblem.FORMAT_REFUSED


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("Loading model", "loading"),
        ("The model is not ready yet", "loading"),
        ("Model is warming up, please wait", "loading"),
        ("The server is starting", "loading"),
        ("Error: the model is still loading", "loading"),
        ("error loading model: out of memory", "unavailable"),
        ("failed to initialize while loading", "unavailable"),
        ("Overloaded", "unavailable"),
    ],
)
def test_a_model_that_is_loading_is_told_from_one_that_cannot_be_loaded(message: str, cause: str) -> None:
    reply = Reply(status=503, headers={}, body=json.dumps({"error": message}).encode())
    outcome = error_outcome(reply, server=ModelServer(), worked=False, now=NOW)
    assert isinstance(outcome, RetryLater | Transient)
    assert outcome.cause == cause


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"error": "loading", "estimated_time": 12.5}', 12.5),
        (b'{"error": {"message": "Slow down", "retry_after": 3}}', 3),
        (b'{"error": {"message": "Please try again in 250ms."}}', 1),
        (b'{"error": {"message": "Please try again in 1.5s."}}', 1.5),
        (b'{"error": {"message": "Retry after 2 minutes."}}', 120),
        (b'{"error": {"message": "Please try again.", "retry_after": "soon"}}', 20),
        (b'{"error": {"message": "Slow down", "retry_after": NaN}}', 20),
    ],
)
def test_a_wait_is_read_from_the_body_too(body: bytes, seconds: float) -> None:
    outcome = error_outcome(Reply(status=429, headers={}, body=body), server=ModelServer(), worked=False, now=NOW)
    assert isinstance(outcome, RetryLater)
    assert outcome.after == seconds


def told(reply: Reply) -> Failure:
    """Return how a call ends with `reply`."""
    outcome = error_outcome(reply, server=ModelServer(), worked=False, now=NOW)
    assert isinstance(outcome, Failure)
    return outcome

"""Random replies, nearly right or senseless, are interpreted without an exception."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.interpretation import interpret
from mealplanner.llm.outcomes import Failure, Ok
from mealplanner.llm.replies import Reply
from mealplanner.llm.request_forms import FORMATS, Form
from tests.llm.conftest import SCHEMA

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = ("choices", "message", "content", "refusal", "finish_reason", "error", "code", "type", "param", "usage",
         "detail", "prompt_tokens", "completion_tokens", "index", "delta", "tool_calls", "arguments", "function",
         "reasoning", "text", "estimated_time")  # fmt: skip
TEXTS = (
    "",
    "stop",
    "length",
    "content_filter",
    "insufficient_quota",
    "max_tokens",
    '{"answer": 42}',
    "{",
    "\x00",
    "\ud800",
)


def anything(rng: random.Random, depth: int) -> Any:
    """Return a random JSON value with the names that a reply is searched for."""
    kind = rng.randrange(9 if depth else 6)
    if kind >= 6:
        size = rng.randrange(4)
        some = [anything(rng, depth - 1) for _ in range(size)]
        return some if kind == 6 else dict(zip(rng.sample(NAMES, size), some, strict=True))
    return (None, True, rng.randint(-5, 600), rng.choice((1e300, -0.5)), rng.choice(TEXTS), rng.choice(NAMES))[kind]


def spoiled(rng: random.Random, value: Any) -> Any:
    """Return `value` with random parts replaced or left out."""
    if rng.random() < 0.15:
        return anything(rng, 3)
    if isinstance(value, dict):
        return {name: spoiled(rng, held) for name, held in value.items() if rng.random() > 0.05}
    return [spoiled(rng, held) for held in value] if isinstance(value, list) else value


GOOD = {
    "choices": [{"index": 0, "message": {"content": '{"answer": 42}', "refusal": None}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}
MANY_PLACES = {
    "choices": [
        {
            "message": {
                "content": [{"type": "text", "text": '{"answer": '}, "42}"],
                "tool_calls": [{"index": 0, "function": {"arguments": '{"answer": 42}'}}],
                "reasoning_content": "Hm.",
                "reasoning_details": [{"type": "reasoning.text", "text": "Hm."}],
            },
            "delta": {"content": '{"answer": 42}', "tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]},
            "text": "Hm.",
        }
    ]
}
BAD = {"error": {"message": "no", "type": "error", "param": "max_tokens", "code": "unsupported_parameter"}}


def streamed(value: Any) -> bytes:
    """Return a stream with `value` as an event, three times."""
    return f"data: {json.dumps(value)}\n\n".encode() * 3


@pytest.mark.parametrize("seed", range(8))
def test_any_reply_is_interpreted(seed: int) -> None:
    rng = random.Random(seed)
    kinds = set()
    for _ in range(2_000):
        value = spoiled(rng, rng.choice((GOOD, MANY_PLACES, BAD)))
        body = json.dumps(value).encode() if rng.random() < 0.7 else streamed(value)
        if rng.random() < 0.1:
            body = body[: rng.randrange(len(body) + 1)]
        status = rng.choice((200, 200, 200, 201, 204, 302, 400, 401, 404, 418, 422, 429, 500, 501, 503, 599))
        reply = Reply(status=status, headers={"retry-after": rng.choice(TEXTS)}, body=body)
        form = Form(response_format=rng.choice(FORMATS), system_role=rng.random() < 0.5)
        worked = rng.random() < 0.5
        outcome = interpret(reply, form, schema=SCHEMA, server=ModelServer(), worked=worked, now=NOW).outcome
        kinds.add(outcome.kind)
        assert isinstance(outcome, Ok | Failure)
        if isinstance(outcome, Failure):
            outcome.why.encode()
    assert kinds >= {"ok", "retry_later", "transient", "bad_output", "refused", "config"}

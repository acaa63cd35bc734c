"""Everything that a server can do ends in one of eight outcomes, and in no exception."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.client import ModelClient
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Failure, Ok, RetryLater, Transient
from tests.fake_model.modes import MODES
from tests.fake_model.server import FakeModel
from tests.llm.conftest import CALL, KEY, Clock, client_of, server_at

ENDS: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(["ok", "no_usage", "absurd_usage", "wrong_type", "last_words", "long", "echo_key"], ("ok", 1)),
    **dict.fromkeys(["fenced", "chatty", "thinking", "no_schema", "ignores_schema"], ("ok", 2)),
    **dict.fromkeys(["no_json", "ignores_json"], ("ok", 3)),
    **dict.fromkeys(
        ["invalid_json", "empty_body", "no_object", "deep_body", "not_utf8", "choices_null", "choices_empty",
         "choices_odd", "message_null", "gzip", "gzip_bomb", "huge"],
        ("bad_output", 1),
    ),
    **dict.fromkeys(
        ["empty_content", "null_content", "odd_content", "prose", "nan", "infinity", "huge_integer", "long_integer",
         "duplicate_keys", "deep", "nested", "surrogate", "unicode_junk"],
        ("bad_output", 3),
    ),
    **dict.fromkeys(["refusal", "content_filter", "filtered_prompt"], ("refused", 1)),
    "truncated": ("truncated", 1),
    **dict.fromkeys(["bad_request", "unprocessable"], ("config", 3)),
    **dict.fromkeys(
        ["html", "other_limit", "context_length", "unauthorized", "payment", "forbidden", "no_model", "unknown_model",
         "moved", "too_large", "quota"],
        ("config", 1),
    ),
    **dict.fromkeys(
        ["busy", "busy_ms", "busy_until", "busy_silent", "busy_for_ever", "busy_nonsense", "busy_nan",
         "error_in_200"],
        ("retry_later", 1),
    ),
    **dict.fromkeys(
        ["timeout", "error_500", "error_502", "odd_error_in_200", "overloaded", "huge_error", "echo_key_error",
         "cut", "cut_chunk", "hang_up", "reset", "no_http", "long_head"],
        ("transient", 1),
    ),
    **dict.fromkeys(["silent", "drip", "header_drip", "error_drip", "hints"], ("deadline", 1)),
}  # fmt: skip
"""Mode -> how a call ends, and how many requests a client makes that knows nothing of the server yet."""

REMEDIES: Mapping[str, str] = {
    "html": "OPENAI_BASE_URL, which usually ends in /v1",
    "moved": "set OPENAI_BASE_URL to the right address",
    "other_limit": "set MEALPLANNER_MODEL_LIMIT_FIELD=max_completion_tokens",
    "context_length": "a larger context",
    "too_large": "a larger context",
    "unauthorized": "check OPENAI_API_KEY",
    "forbidden": "does not allow this key",
    "payment": "no credit left",
    "quota": "no credit left",
    "no_model": "check OPENAI_MODEL and OPENAI_BASE_URL",
    "unknown_model": "check OPENAI_MODEL and OPENAI_BASE_URL",
    "bad_request": "compatible with OpenAI's API",
    "unprocessable": "compatible with OpenAI's API",
}
"""Mode -> what the operator is told to do."""

WAITS: Mapping[str, float | None] = {
    "busy": 7, "busy_ms": 1.5, "busy_until": 120, "busy_silent": 20, "busy_for_ever": 3600, "busy_nonsense": 20,
    "busy_nan": 20, "error_in_200": 20, "overloaded": 11, "error_500": None,
}  # fmt: skip
"""Mode -> seconds after which to ask again."""


def test_every_mode_is_here() -> None:
    """A new one has to say how it ends."""
    assert set(ENDS) == set(MODES)
    assert {mode for mode, (kind, _) in ENDS.items() if kind == "config"} == set(REMEDIES)


@pytest.mark.parametrize("mode", MODES)
def test_a_call_ends_in_its_outcome(mode: str, fake: FakeModel, clock: Clock) -> None:
    """Each rung of the ladder is asked once at most, and nothing comes out but an outcome without our key."""
    kind, requests = ENDS[mode]
    fake.mode = mode
    if kind == "deadline":
        fake.during = clock.jump
    outcome = ModelClient(server_at(fake), clock=clock).ask(CALL)
    assert outcome.kind == kind
    assert len(fake.requests) == requests
    assert KEY not in repr(outcome)
    assert "A soup." in outcome.sent
    assert isinstance(outcome, Ok | Failure)
    if isinstance(outcome, Ok):
        assert outcome.value["answer"] == ("[key]" if mode == "echo_key" else 42)
    else:
        assert outcome.why
    assert "\x00" not in outcome.received
    outcome.received.encode()


@pytest.mark.parametrize("mode", REMEDIES)
def test_an_operator_is_told_what_to_do(mode: str, fake: FakeModel) -> None:
    """In a sentence that names the variable."""
    fake.mode = mode
    outcome = client_of(fake).ask(CALL)
    assert isinstance(outcome, ConfigProblem)
    assert REMEDIES[mode] in outcome.remedy
    assert outcome.remedy.endswith(".")


@pytest.mark.parametrize("mode", WAITS)
def test_a_server_says_when_to_come_back(mode: str, fake: FakeModel) -> None:
    """In any of its ways, within reason."""
    fake.mode = mode
    outcome = client_of(fake).ask(CALL)
    assert isinstance(outcome, RetryLater | Transient)
    assert outcome.after == (None if WAITS[mode] is None else pytest.approx(WAITS[mode], abs=30))


@pytest.mark.parametrize("mode", ["html", "bad_request"])
def test_a_server_that_has_answered_is_set_up_as_it_should_be(mode: str, fake: FakeModel) -> None:
    """So what looks like a wrong address at first is an accident later."""
    client = client_of(fake)
    fake.script("ok", mode, mode, mode)
    assert client.ask(CALL).kind == "ok"
    assert isinstance(client.ask(CALL), BadOutput)


def test_nobody_listens() -> None:
    """The server may be about to start."""
    with FakeModel() as gone:
        url = gone.url
    outcome = ModelClient(ModelServer(base_url=url, model="any")).ask(CALL)
    assert isinstance(outcome, Transient)
    assert "refused" in outcome.why
    assert outcome.usage is None

"""Every mode of the fake server ends in one of eight outcomes, with its cause, and never in an exception."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.client import ModelClient
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Failure, Ok, RetryLater, Transient
from tests.fake_model.answers import NO_COMPLETION, READABLE, UNREADABLE
from tests.fake_model.modes import MODES
from tests.fake_model.server import FakeModel
from tests.fake_model.streams import STREAMS
from tests.llm.conftest import CALL, KEY, Clock, client_of, server_at

ENDS: Mapping[str, tuple[str, str, int]] = {
    **dict.fromkeys(READABLE, ("ok", "", 1)),
    **dict.fromkeys(STREAMS, ("ok", "", 1)),
    "stream_that_is_cut": ("transient", "broken_off", 1),
    "stream_that_grew_too_long": ("truncated", "cut_off", 1),
    "streamed_error": ("retry_later", "busy", 1),
    **dict.fromkeys(UNREADABLE, ("bad_output", "unreadable", 3)),
    **dict.fromkeys(["empty_content", "null_content", "odd_content"], ("bad_output", "empty", 3)),
    "another_object": ("bad_output", "unexpected", 3),
    **dict.fromkeys(NO_COMPLETION, ("bad_output", "unreadable", 1)),
    **dict.fromkeys(
        ["empty_body", "choices_null", "choices_empty", "choices_odd", "message_null"], ("bad_output", "empty", 1)
    ),
    "refusal": ("refused", "declined", 1),
    **dict.fromkeys(["content_filter", "filtered_prompt"], ("refused", "withheld", 1)),
    "truncated": ("truncated", "cut_off", 1),
    **dict.fromkeys(["no_schema", "grammar_400", "grammar_500", "schema_500", "schema_503"], ("ok", "", 2)),
    **dict.fromkeys(["no_system", "no_system_500", "no_system_422"], ("ok", "", 2)),
    **dict.fromkeys(["roles_alternate", "developer_role", "developer_instruction", "ignores_schema"], ("ok", "", 2)),
    **dict.fromkeys(["no_json", "ignores_json", "sampler_500", "schema_501", "schema_404"], ("ok", "", 3)),
    "format_422": ("ok", "", 3),
    "plain_user": ("ok", "", 4),
    **dict.fromkeys(["bad_request", "unprocessable"], ("config", "incompatible", 3)),
    **dict.fromkeys(["html", "moved", "no_such_path"], ("config", "address", 1)),
    **dict.fromkeys(["context_length", "too_large"], ("config", "context", 1)),
    **dict.fromkeys(["payment", "quota"], ("config", "credit", 1)),
    **dict.fromkeys(["no_model", "unknown_model"], ("config", "model", 1)),
    "other_limit": ("config", "limit_field", 1),
    "unauthorized": ("config", "key", 1),
    "forbidden": ("config", "permission", 1),
    **dict.fromkeys(
        ["busy", "busy_ms", "busy_until", "busy_silent", "busy_for_ever", "busy_nonsense", "busy_nan", "busy_words",
         "error_in_200"],
        ("retry_later", "busy", 1),
    ),
    **dict.fromkeys(["loading", "loading_20_s", "loading_500", "loading_estimated"], ("retry_later", "loading", 1)),
    **dict.fromkeys(
        ["timeout", "error_500", "error_502", "odd_error_in_200", "huge_error", "echo_key_error",
         "address_in_an_error", "loading_failed"],
        ("transient", "server_error", 1),
    ),
    **dict.fromkeys(["overloaded", "overloaded_529"], ("transient", "unavailable", 1)),
    **dict.fromkeys(["cut", "cut_chunk", "hang_up", "reset", "no_http", "long_head"], ("transient", "broken_off", 1)),
    **dict.fromkeys(["silent", "drip", "header_drip", "error_drip", "hints"], ("deadline", "too_slow", 1)),
}  # fmt: skip
"""Mode -> how a call ends, its cause, and how many requests a client makes that knows nothing of the server yet."""

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
    "no_such_path": "check OPENAI_MODEL and OPENAI_BASE_URL",
    "bad_request": "compatible with OpenAI's API",
    "unprocessable": "compatible with OpenAI's API",
}
"""Mode -> what the operator is told to do."""

WAITS: Mapping[str, float | None] = {
    "busy": 7, "busy_ms": 1.5, "busy_until": 120, "busy_silent": 20, "busy_for_ever": 3600, "busy_nonsense": 20,
    "busy_nan": 20, "busy_words": 6.5, "error_in_200": 20, "overloaded": 11, "error_500": None, "loading": 20,
    "loading_20_s": 20, "loading_500": 20, "loading_estimated": 31.5,
}  # fmt: skip
"""Mode -> seconds after which to ask again."""


def test_every_mode_has_an_expected_end() -> None:
    assert set(ENDS) == set(MODES)
    assert {mode for mode, (kind, _, _) in ENDS.items() if kind == "config"} == set(REMEDIES)


@pytest.mark.parametrize("mode", MODES)
def test_a_call_ends_in_its_outcome(mode: str, fake: FakeModel, clock: Clock) -> None:
    """Each form is tried once at most, and the outcome does not hold our key."""
    kind, cause, requests = ENDS[mode]
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
        assert outcome.cause == cause
        assert outcome.why
    assert "\x00" not in outcome.received
    outcome.received.encode()


@pytest.mark.parametrize("mode", REMEDIES)
def test_an_operator_is_told_what_to_do(mode: str, fake: FakeModel) -> None:
    """In a sentence that names the variable to set, where there is one."""
    fake.mode = mode
    outcome = client_of(fake).ask(CALL)
    assert isinstance(outcome, ConfigProblem)
    assert REMEDIES[mode] in outcome.remedy
    assert outcome.remedy.endswith(".")


@pytest.mark.parametrize("mode", WAITS)
def test_the_wait_that_a_server_asks_for_is_read(mode: str, fake: FakeModel) -> None:
    fake.mode = mode
    outcome = client_of(fake).ask(CALL)
    assert isinstance(outcome, RetryLater | Transient)
    tolerance = 30 if mode == "busy_until" else 0
    assert outcome.after == (None if WAITS[mode] is None else pytest.approx(WAITS[mode], abs=tolerance))


@pytest.mark.parametrize("mode", ["html", "bad_request"])
def test_a_server_that_has_answered_must_be_set_up_right(mode: str, fake: FakeModel) -> None:
    """What looks like a wrong address at first is an accident later."""
    client = client_of(fake)
    fake.script("ok", mode, mode, mode)
    assert client.ask(CALL).kind == "ok"
    assert isinstance(client.ask(CALL), BadOutput)


def test_a_server_that_is_not_running_is_transient() -> None:
    """It may be about to start."""
    with FakeModel() as gone:
        url = gone.url
    outcome = ModelClient(ModelServer(base_url=url, model="any")).ask(CALL)
    assert isinstance(outcome, Transient)
    assert outcome.cause == "unreachable"
    assert "refused" in outcome.why
    assert outcome.usage is None


@pytest.mark.parametrize("mode", [mode for mode, (kind, _, _) in ENDS.items() if kind != "ok"])
def test_only_what_the_model_said_is_kept_for_people(mode: str, fake: FakeModel, clock: Clock) -> None:
    """An error may name the server, so its text is only in the log."""
    fake.mode = mode
    if ENDS[mode][0] == "deadline":
        fake.during = clock.jump
    outcome = ModelClient(server_at(fake), clock=clock).ask(CALL)
    said = mode in UNREADABLE or mode in {"truncated", "stream_that_is_cut", "stream_that_grew_too_long"}
    assert bool(outcome.received) <= said


def test_a_model_that_knows_the_address_of_its_server_does_not_tell_it(fake: FakeModel) -> None:
    """Members can read what it said."""
    fake.answer = lambda _request: f"Ask {fake.url} or {fake.url.removeprefix('http://').removesuffix('/v1')}."
    assert client_of(fake).ask(CALL).received == "Ask [server] or [server]."

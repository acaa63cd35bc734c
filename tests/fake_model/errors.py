"""Errors in the words of many servers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from tests.fake_model.answers import MEGABYTE, Mode, body, flood, ok, says

if TYPE_CHECKING:
    from tests.fake_model.server import Conversation


def error(status: int, message: str, code: str | None = None, param: str | None = None, **headers: str) -> Mode:
    """Send an error in OpenAI's format."""
    told = {"error": {"message": message, "type": code or "error", "param": param, "code": code}}
    return lambda talk: talk.json(told, status, **headers)


def echo_error(talk: Conversation) -> None:
    """Send an error that repeats the client's key."""
    key = talk.asked.headers.get("authorization", "")
    error(500, f"bad {key}", **{"X-Key": key})(talk)


def refuses(*formats: str) -> Mode:
    """Refuse these response formats with status 400."""

    def mode(talk: Conversation) -> None:
        if talk.asked.response_format in formats:
            error(400, f"response_format {talk.asked.response_format} is not supported", param="response_format")(talk)
        else:
            ok(talk)

    return mode


def form_error(status: int, message: str, *formats: str) -> Mode:
    """Refuse these response formats with this status and message."""
    return lambda talk: error(status, message)(talk) if talk.asked.response_format in formats else ok(talk)


def no_system(status: int, message: str) -> Mode:
    """Refuse messages with the role of the system, with this status and message."""

    def mode(talk: Conversation) -> None:
        roles = [message["role"] for message in talk.asked.body["messages"]]
        ok(talk) if roles == ["user"] else error(status, message)(talk)

    return mode


def plain_user(talk: Conversation) -> None:
    """Refuse both the role of the system and response formats."""
    if talk.asked.response_format != "text":
        error(400, "response_format is not supported")(talk)
    else:
        no_system(400, "System role not supported")(talk)


def detail(talk: Conversation) -> None:
    """Refuse response formats in FastAPI's format of an error."""
    if "response_format" in talk.asked.body:
        talk.json({"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]}, 422)
    else:
        ok(talk)


def loading(status: int = 503, told: object = None, **headers: str) -> Mode:
    """Say that the model is loading, in the words of llama.cpp or in those of `told`."""
    usual = {"error": {"code": status, "message": "Loading model", "type": "unavailable_error"}}
    return lambda talk: talk.json(told or usual, status, **headers)


def ignores(*formats: str) -> Mode:
    """Answer in prose to these response formats, like a server that does not know the field."""
    return lambda talk: says("Here is a dish.")(talk) if talk.asked.response_format in formats else ok(talk)


def wants_other_limit(talk: Conversation) -> None:
    """Refuse the field that limits the answer."""
    used, other = "max_tokens", "max_completion_tokens"
    if used not in talk.asked.body:
        used, other = other, used
    error(400, f"Unsupported parameter: '{used}'. Use '{other}' instead.", "unsupported_parameter", used)(talk)


def busy_until(talk: Conversation) -> None:
    """Ask to come back in two minutes, with a date."""
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    error(429, "Too many requests", **{"Retry-After": when})(talk)


busy = partial(error, 429, "Too many requests", "rate_limit_exceeded")


ERRORS: Final[Mapping[str, Mode]] = {
    "html": body("<!doctype html><title>Welcome</title>", "text/html"),
    "filtered_prompt": error(400, "The prompt was filtered.", "content_filter"),
    "echo_key_error": echo_error,
    "no_schema": refuses("json_schema"),
    "no_json": refuses("json_schema", "json_object"),
    "grammar_400": form_error(400, "Failed to parse grammar", "json_schema"),
    "grammar_500": form_error(500, "failed to parse grammar", "json_schema"),
    "sampler_500": form_error(500, "Failed to initialize samplers: bad rule", "json_schema", "json_object"),
    "schema_500": form_error(500, "JSON schema conversion failed: unsupported enum", "json_schema"),
    "schema_503": form_error(503, "No worker supports guided decoding", "json_schema"),
    "schema_501": form_error(501, "Not implemented", "json_schema", "json_object"),
    "schema_404": form_error(404, "No endpoints found that support response_format", "json_schema", "json_object"),
    "format_422": detail,
    "no_system": no_system(400, "System role not supported"),
    "no_system_500": no_system(500, "Jinja Exception: System role not supported"),
    "no_system_422": no_system(422, "Only user and assistant roles are supported!"),
    "roles_alternate": no_system(400, "Conversation roles must alternate user/assistant/user/assistant/..."),
    "developer_role": no_system(400, "Unsupported value: 'system'. Use the 'developer' role instead."),
    "developer_instruction": no_system(400, "Developer instruction is not enabled for this model"),
    "plain_user": plain_user,
    "ignores_schema": ignores("json_schema"),
    "ignores_json": ignores("json_schema", "json_object"),
    "bad_request": error(400, "That is not understood."),
    "unprocessable": error(422, "That is not understood."),
    "other_limit": wants_other_limit,
    "context_length": error(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"),
    "unauthorized": error(401, "Incorrect API key provided.", "invalid_api_key"),
    "payment": error(402, "Insufficient balance."),
    "forbidden": error(403, "Country not supported.", "unsupported_country_region_territory"),
    "no_model": error(404, "The model does not exist.", "model_not_found"),
    "no_such_path": error(404, "Not Found"),
    "unknown_model": error(400, "The model does not exist.", "model_not_found"),
    "moved": error(307, "Moved.", **{"Location": "http://127.0.0.1:9/v1/chat/completions"}),
    "timeout": error(408, "Timeout."),
    "too_large": error(413, "Too large."),
    "busy": busy(**{"Retry-After": "7"}),
    "busy_ms": busy(**{"Retry-After-Ms": "1500"}),
    "busy_until": busy_until,
    "busy_silent": busy(),
    "busy_for_ever": busy(**{"Retry-After": "999999999"}),
    "busy_nonsense": busy(**{"Retry-After": "soon"}),
    "busy_nan": busy(**{"Retry-After": "nan"}),
    "quota": error(429, "You exceeded your current quota.", "insufficient_quota"),
    "error_500": error(500, "The server had an error."),
    "error_in_200": body('{"error": {"code": 429, "message": "Too many requests upstream"}}'),
    "odd_error_in_200": body('{"error": "upstream failed"}'),
    "error_502": lambda talk: talk.send(b"<html>Bad gateway</html>", 502, **{"Content-Type": "text/html"}),
    "overloaded": error(503, "Overloaded.", **{"Retry-After": "11"}),
    "overloaded_529": error(529, "Overloaded", "overloaded_error"),
    "loading": loading(),
    "loading_20_s": loading(**{"Retry-After": "20"}),
    "loading_500": loading(500, {"error": "llm server loading model"}),
    "loading_failed": error(500, "llama runner has terminated: error loading model"),
    "loading_estimated": loading(told={"error": "Model gpt is currently loading", "estimated_time": 31.5}),
    "busy_words": error(429, "Rate limit reached. Please try again in 6.5s.", "rate_limit_exceeded"),
    "address_in_an_error": error(500, "connect to http://10.1.2.3:11434/api/chat: connection refused"),
    "huge_error": flood(12 * MEGABYTE, 500),
}
"""Name -> mode."""

"""What an error of a server means: who can do something about it, and when to ask again. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Outcome, Refused, RetryLater, Transient
from mealplanner.llm.replies import Broken, Reply
from mealplanner.llm.scrubbing import one_line

LONGEST_WAIT: Final = 3600.0
"""Seconds; a server that asks for more is asked again after an hour."""
SHORTEST_WAIT: Final = 1.0
"""Seconds, even where a server asks for none, so that nobody asks without a pause."""
USUAL_WAIT: Final = 20.0
"""Seconds, where a server has too much to do and does not say for how long."""

_FILTERS: Final = frozenset({"content_filter", "content_policy_violation", "invalid_prompt"})
_NO_CREDIT: Final = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})
_NO_MODEL: Final = frozenset({"model_not_found"})
_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_TOO_LONG_WORDS: Final = ("context length", "context size", "context window")
_LIMIT_FIELDS: Final = ("max_tokens", "max_completion_tokens")
_PASSING: Final = frozenset({408, 409, 425})


@dataclass(frozen=True, slots=True)
class _Told:
    """What the body of an error says, where it says it as OpenAI does."""

    code: str
    param: str
    message: str


def is_form_refused(reply: Reply) -> bool:
    """Whether the server may take the same question in another form."""
    told = _told(reply)
    known = told.code in _FILTERS | _NO_CREDIT | _NO_MODEL or _is_too_long(told) or _refuses_limit(told)
    return reply.status in (400, 415, 422, 501) and not known


def error_outcome(reply: Reply, *, server: ModelServer, worked: bool, now: datetime) -> Outcome:
    """How a call ends with this error. `worked`: the server has answered well before; `now` is for dates in headers."""
    told = _told(reply)
    why = f"the server answered {reply.status}: {told.message}" if told.message else f"the server said {reply.status}"
    if told.code in _FILTERS:
        return Refused(why=why)
    remedy = _remedy(reply, told, server)
    if remedy is not None:
        return ConfigProblem(why=why, remedy=remedy)
    wait = retry_after(reply.headers, now)
    if reply.status == 429:
        return RetryLater(why=why, after=USUAL_WAIT if wait is None else wait)
    if reply.status in _PASSING or (reply.status >= 500 and reply.status != 501):
        return Transient(why=why, after=wait)
    if worked:
        return BadOutput(why=why)
    return ConfigProblem(why=why, remedy=f"See whether {address(server)} is compatible with OpenAI's API.")


def broken_outcome(broken: Broken, server: ModelServer) -> Outcome:
    """How a call ends that got no reply."""
    if broken.untrusted:
        remedy = f"Give {address(server)} a certificate that this machine trusts, or let this machine trust it."
        return ConfigProblem(why=broken.why, remedy=remedy)
    return Transient(why=broken.why)


def address(server: ModelServer) -> str:
    """How the operator knows the server."""
    return server.base_url or "OpenAI"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a server asks to wait: in milliseconds, in seconds or as a date; None if it does not say so."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    seconds = _number(headers.get("retry-after", ""))
    if milliseconds is not None:
        seconds = milliseconds / 1000
    if seconds is None:
        seconds = _seconds_until(headers.get("retry-after", ""), now)
    return None if seconds is None else min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _remedy(reply: Reply, told: _Told, server: ModelServer) -> str | None:
    """What the operator must do, if nobody else can do anything."""
    if told.code in _NO_CREDIT or reply.status == 402:
        return f"The account at {address(server)} has no credit left: add some, or raise its limit."
    if told.code in _NO_MODEL or reply.status in (404, 405, 410):
        return f"There is no model {server.model} at {address(server)}: check OPENAI_MODEL and OPENAI_BASE_URL."
    if _is_too_long(told) or reply.status == 413:
        return f"{server.model} cannot read so much at once: choose a model with a larger context, or let it have one."
    if _refuses_limit(told):
        (other,) = set(_LIMIT_FIELDS) - {server.answer_tokens}
        return f"{server.model} does not take {server.answer_tokens}: set MEALPLANNER_MODEL_LIMIT_FIELD={other}."
    if reply.status in (401, 407):
        return f"{address(server)} does not accept the key: check OPENAI_API_KEY."
    if reply.status == 403:
        return f"{address(server)} does not allow this key to use {server.model} from here: look what it allows."
    if 300 <= reply.status < 400:
        return f"{address(server)} sends us elsewhere, where no key is taken: set OPENAI_BASE_URL to the right address."
    return None


def _is_too_long(told: _Told) -> bool:
    return told.code in _TOO_LONG or any(words in told.message.lower() for words in _TOO_LONG_WORDS)


def _refuses_limit(told: _Told) -> bool:
    return told.code == "unsupported_parameter" and told.param in _LIMIT_FIELDS


def _told(reply: Reply) -> _Told:
    """OpenAI and most others: {"error": {"message", "type", "param", "code"}}; some: {"error": "..."} or a sentence."""
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return _Told("", "", "")
    error: Any = value.get("error", value) if isinstance(value, dict) else value
    if not isinstance(error, dict):
        return _Told("", "", one_line(error))
    code = error.get("code") if isinstance(error.get("code"), str) else error.get("type")
    message = error.get("message") or error.get("detail") or ""
    return _Told(one_line(code), one_line(error.get("param")), one_line(message))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now.timestamp()

"""What an error of a server means: who can do something about it, and when to ask again. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Outcome, Refused, RetryLater, Transient
from mealplanner.llm.redaction import one_line
from mealplanner.llm.replies import Broken, FormProblem, Reply
from mealplanner.llm.request_forms import Form

LONGEST_WAIT: Final = 3600.0
"""Seconds; a server that asks for more is asked again after an hour."""
SHORTEST_WAIT: Final = 1.0
"""Seconds, even where a server asks for none, so that no loop asks without a pause."""
USUAL_WAIT: Final = 20.0
"""Seconds, where a server is busy or loads its model and does not say for how long."""

_LONGEST_MESSAGE: Final = 2000
"""Characters of a message that are searched for words that explain it."""

_FILTERS: Final = frozenset({"content_filter", "content_policy_violation", "invalid_prompt"})
_NO_CREDIT: Final = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})
_NO_MODEL: Final = frozenset({"model_not_found"})
_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_TOO_LONG_WORDS: Final = ("context length", "context size", "context window")
_LIMIT_FIELDS: Final = ("max_tokens", "max_completion_tokens")

_PASSING: Final = frozenset({408, 409, 425})
_NOT_OF_THE_FORM: Final = frozenset({401, 402, 403, 407, 408, 413, 429})
"""Statuses that no other form of the same question would change."""
_FORM_UNKNOWN: Final = frozenset({400, 415, 422, 501})
"""Statuses by which a server may refuse the form without naming it."""

_FORMAT: Final = re.compile(
    r"response[_ -]?format|json[_ -]?(?:schema|object|mode)|\bschemas?\b|grammar|\bgbnf\b|\bsamplers?\b"
    r"|(?:guided|structured|constrained)[_ -]?(?:decoding|outputs?|generation|json)|logits?[_ -]?processors?"
    r"|additionalProperties|\boutlines\b|llguidance|format[_ -]?enforcer|requested parameters",
    re.IGNORECASE,
)
"""How servers name what holds an answer to a schema. The last is OpenRouter's, where no provider can do it."""
_SYSTEM_ROLE: Final = re.compile(
    r"\broles?\b|\b(?:system|developer)[ _-]?(?:role|message|prompt|instruction)s?\b|chat[_ ]?template"
    r"|(?:start|begin) with (?:an? )?['\"]?user",
    re.IGNORECASE,
)
"""How servers name a message of the system, which the templates of some models do not know."""
_LOADING: Final = re.compile(
    r"\bloading\b|\bbeing loaded\b|not (?:yet )?ready|warming up|\bstarting\b|\bbooting\b|initiali[sz]ing|scaling up"
    r"|\bpulling\b|downloading|cold[- ]start",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(r"fail|error (?:while )?loading|unable|cannot|could not", re.IGNORECASE)
"""A model that could not be loaded will not be there soon."""
_TRY_AGAIN: Final = re.compile(r"(?:try again|retry) (?:in|after) (\d+(?:\.\d+)?) ?(ms|s|m)", re.IGNORECASE)
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the body of an error says, where it says it as OpenAI does."""

    code: str
    param: str
    message: str
    wait: float | None
    """Seconds."""


def form_problem(reply: Reply, form: Form) -> FormProblem | None:
    """Return what the server does not understand about the form of the question, if that is what the error is about."""
    told = _told(reply)
    known = told.code in _FILTERS | _NO_CREDIT | _NO_MODEL or _is_too_long(told) or _refuses_limit(told)
    if known or reply.status in _NOT_OF_THE_FORM or not 400 <= reply.status < 600:
        return None
    words = f"{told.param} {told.message}"
    if form.system_role and _SYSTEM_ROLE.search(words):
        return FormProblem.SYSTEM_ROLE
    if reply.status in _FORM_UNKNOWN or _FORMAT.search(words):
        return FormProblem.FORMAT_REFUSED
    return None


def error_outcome(reply: Reply, *, server: ModelServer, worked: bool, now: datetime) -> Outcome:
    """Return how a call ends with this error.

    `worked`: the server has answered well before, so that it must be set up right; `now` is for dates in headers.
    """
    told = _told(reply)
    message = one_line(told.message)
    why = f"the server answered {reply.status}: {message}" if message else f"the server answered {reply.status}"
    if told.code in _FILTERS:
        return Refused(why=why, cause="withheld")
    problem = _config_problem(reply, told, server, why)
    if problem is not None:
        return problem
    asked = retry_after(reply.headers, now)
    wait = told.wait if asked is None else asked
    if (reply.status >= 500 or reply.status in _PASSING) and _is_loading(told):
        return RetryLater(why=why, after=USUAL_WAIT if wait is None else wait, cause="loading")
    if reply.status == 429:
        return RetryLater(why=why, after=USUAL_WAIT if wait is None else wait)
    if reply.status in (503, 529):
        return Transient(why=why, after=wait, cause="unavailable")
    if reply.status in _PASSING or (reply.status >= 500 and reply.status != 501):
        return Transient(why=why, after=wait)
    if worked:
        return BadOutput(why=why, cause="rejected")
    remedy = f"Check whether {address(server)} is compatible with OpenAI's API."
    return ConfigProblem(why=why, cause="incompatible", remedy=remedy)


def broken_outcome(broken: Broken, server: ModelServer) -> Outcome:
    """Return how a call ends that got no reply."""
    if broken.untrusted:
        remedy = f"Give {address(server)} a certificate that this machine trusts, or let this machine trust it."
        return ConfigProblem(why=broken.why, cause="certificate", remedy=remedy)
    return Transient(why=broken.why, cause="broken_off" if broken.connected else "unreachable")


def address(server: ModelServer) -> str:
    """Return how the operator knows the server; this is for the log, not for pages."""
    return server.base_url or "OpenAI"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a server asks to wait: in milliseconds, in seconds or as a date; None if it does not."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    seconds = _number(headers.get("retry-after", ""))
    if milliseconds is not None:
        seconds = milliseconds / 1000
    if seconds is None:
        seconds = _seconds_until(headers.get("retry-after", ""), now)
    return _bounded(seconds)


def _config_problem(reply: Reply, told: _Told, server: ModelServer, why: str) -> ConfigProblem | None:
    """Return what the operator must do, if only the operator can do anything."""
    where, model = address(server), server.model
    if told.code in _NO_CREDIT or reply.status == 402:
        remedy = f"The account at {where} has no credit left: add some, or raise its limit."
        return ConfigProblem(why=why, cause="credit", remedy=remedy)
    if told.code in _NO_MODEL or reply.status in (404, 405, 410):
        names_model = told.code in _NO_MODEL or "model" in told.message.lower()
        remedy = f"There is no model {model} at {where}: check OPENAI_MODEL and OPENAI_BASE_URL."
        return ConfigProblem(why=why, cause="model" if names_model else "address", remedy=remedy)
    if _is_too_long(told) or reply.status == 413:
        remedy = f"{model} cannot read so much at once: choose a model with a larger context, or enlarge its context."
        return ConfigProblem(why=why, cause="context", remedy=remedy)
    if _refuses_limit(told):
        (other,) = set(_LIMIT_FIELDS) - {server.answer_tokens}
        remedy = f"{model} does not take {server.answer_tokens}: set MEALPLANNER_MODEL_LIMIT_FIELD={other}."
        return ConfigProblem(why=why, cause="limit_field", remedy=remedy)
    if reply.status in (401, 407):
        remedy = f"{where} does not accept the key: check OPENAI_API_KEY."
        return ConfigProblem(why=why, cause="key", remedy=remedy)
    if reply.status == 403:
        remedy = f"{where} does not allow this key to use {model} from here: check the key's permissions."
        return ConfigProblem(why=why, cause="permission", remedy=remedy)
    if 300 <= reply.status < 400:
        remedy = f"{where} redirects, and a redirect gets no key: set OPENAI_BASE_URL to the right address."
        return ConfigProblem(why=why, cause="address", remedy=remedy)
    return None


def _is_loading(told: _Told) -> bool:
    return bool(_LOADING.search(told.message)) and not _FAILED.search(told.message)


def _is_too_long(told: _Told) -> bool:
    return told.code in _TOO_LONG or any(words in told.message.lower() for words in _TOO_LONG_WORDS)


def _refuses_limit(told: _Told) -> bool:
    return told.code == "unsupported_parameter" and told.param in _LIMIT_FIELDS


def _told(reply: Reply) -> _Told:
    """Read an error: {"error": {"message", "type", "param", "code"}} from OpenAI and most others; elsewhere
    {"error": "..."}, {"detail": ...}, {"message": "..."} or plain text."""
    text = reply.body.decode(errors="replace") if reply.whole else ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        is_text = not text.lstrip().startswith(("<", "{", "["))
        return _Told("", "", one_line(text, _LONGEST_MESSAGE) if is_text else "", None)
    outer = value if isinstance(value, dict) else {}
    error: Any = outer.get("error", value)
    if not isinstance(error, dict):
        return _Told("", "", _words(error), _wait(outer, _words(error)))
    code = error.get("code") if isinstance(error.get("code"), str) else error.get("type")
    message = _words(error.get("message") or error.get("detail") or error.get("msg"))
    return _Told(one_line(code), one_line(error.get("param")), message, _wait({**outer, **error}, message))


def _words(value: object) -> str:
    """Return a message as text; what FastAPI says of a request, for one, is a list of objects."""
    return one_line(value if isinstance(value, str) else json.dumps(value) if value else "", _LONGEST_MESSAGE)


def _wait(error: Mapping[str, Any], message: str) -> float | None:
    """Return the seconds that the body of an error asks to wait, in a field of its own or in its words."""
    for name in ("retry_after", "estimated_time"):  # of Cloudflare and others, and of Hugging Face
        seconds = error.get(name)
        if isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds):
            return _bounded(seconds)
    asked = _TRY_AGAIN.search(message)
    return _bounded(float(asked[1]) * _SECONDS[asked[2].lower()]) if asked else None


def _bounded(seconds: float | None) -> float | None:
    return None if seconds is None else min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


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

"""What a reply means: how the call ends, or that another form of the question may do better. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.answer_text import Unreadable, read_answer
from mealplanner.llm.completions import BROKEN_OFF, completion, first_choice, mapping, refusal, texts, thought
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Ok, Outcome, Refused, Transient, Truncated
from mealplanner.llm.redaction import one_line
from mealplanner.llm.replies import FormProblem, Interpretation, Reply
from mealplanner.llm.request_forms import Form
from mealplanner.llm.server_errors import address, error_outcome, form_problem
from mealplanner.llm.usage import reported_usage

_WITHHELD: Final = frozenset({"content_filter", "safety", "recitation", "prohibited_content", "blocklist"})
_CUT_OFF: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
"""Reasons to finish, of OpenAI and of servers that pass on those of Google, Anthropic and Mistral, in lower case."""


def interpret(
    reply: Reply, form: Form, *, schema: Mapping[str, Any], server: ModelServer, worked: bool, now: datetime
) -> Interpretation:
    """Return what `reply` means for a question that was asked in `form`.

    `worked`: the server has answered well before, so that it must be set up right; `now` is for dates in headers.
    """
    body = completion(reply)
    reply = _as_meant(reply, body)
    if not 200 <= reply.status < 300:
        outcome = error_outcome(reply, server=server, worked=worked, now=now)
        return Interpretation(outcome=outcome, problem=form_problem(reply, form), generated=False)
    if isinstance(body, str):
        page = not worked and "html" in reply.headers.get("content-type", "")
        cause: Literal["unreadable", "empty"] = "unreadable" if reply.body.strip() else "empty"
        return Interpretation(outcome=_web_page(server) if page else BadOutput(why=body, cause=cause))
    choice = first_choice(body)
    said = texts(choice) or [thought(choice)]
    ended = _ending(choice)
    broken_off = bool(body.get(BROKEN_OFF))
    outcome, problem = (ended, None) if ended else _answer(choice, schema, broken_off=broken_off)
    return Interpretation(outcome=outcome, problem=problem, received=said[0], usage=reported_usage(body, server))


def _ending(choice: Mapping[str, Any]) -> Outcome | None:
    """Return how the call ends where it does not depend on what the model said."""
    if not mapping(choice.get("message")) and not texts(choice):
        return BadOutput(why="the reply holds no message", cause="empty")
    finish = str(choice.get("finish_reason")).lower()
    if finish in _WITHHELD:
        return Refused(why="a filter of the server withheld the answer", cause="withheld")
    if declined := refusal(choice):
        return Refused(why=f"the model declines: {one_line(declined)}")
    if finish in _CUT_OFF:
        return Truncated(why="the answer is longer than it may be")
    return None


def _answer(
    choice: Mapping[str, Any], schema: Mapping[str, Any], *, broken_off: bool
) -> tuple[Outcome, FormProblem | None]:
    """Read the first text that can be read; what was thought, only if nothing was said."""
    possible = [(text, False) for text in texts(choice)] or [(text, True) for text in [thought(choice)] if text]
    problems: list[Unreadable] = []
    for text, is_thought in possible:
        try:
            return Ok(value=read_answer(text, schema, is_thought=is_thought)), None
        except Unreadable as error:
            problems.append(error)
    if broken_off:
        return Transient(why="the stream ended before the answer did", cause="broken_off"), None
    if not problems:
        return BadOutput(why="the model said nothing", cause="empty"), FormProblem.FORMAT_IGNORED
    why = f"the answer cannot be read: {problems[0]}"
    return BadOutput(why=why, cause=problems[0].cause), FormProblem.FORMAT_IGNORED


def _as_meant(reply: Reply, body: Mapping[str, Any] | str) -> Reply:
    """Give a reply the status that stands in its body: a proxy may have said 200 before the server behind it failed."""
    if isinstance(body, str) or body.get("choices") or not 200 <= reply.status < 300:
        return reply
    error = body.get("error")
    if not error:
        return reply
    code = mapping(error).get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 502
    return replace(reply, status=status, body=json.dumps({"error": error}).encode())


def _web_page(server: ModelServer) -> Outcome:
    why = "the server sent a web page instead of an answer"
    remedy = f"There is no API at {address(server)}: check OPENAI_BASE_URL, which usually ends in /v1."
    return ConfigProblem(why=why, cause="address", remedy=remedy)

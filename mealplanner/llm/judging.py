"""What a reply means: how the call ends, or that the next rung of the ladder may do better. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.ladder import Rung
from mealplanner.llm.outcomes import BadOutput, ConfigProblem, Ok, Outcome, Refused, Truncated
from mealplanner.llm.replies import Judgement, Reply, Step
from mealplanner.llm.scrubbing import one_line
from mealplanner.llm.server_errors import address, error_outcome, is_form_refused
from mealplanner.llm.strict_json import Unreadable, read_json
from mealplanner.llm.usage import told_usage


def judge(reply: Reply, rung: Rung, *, server: ModelServer, worked: bool, now: datetime) -> Judgement:
    """`worked`: the server has answered well before, so it is set up as it should be; `now` is for dates in headers."""
    text = reply.body.decode(errors="replace")
    body = _object(reply)
    reply = _as_meant(reply, body)
    if not 200 <= reply.status < 300:
        step = Step.REFUSED if is_form_refused(reply) else None
        outcome = error_outcome(reply, server=server, worked=worked, now=now)
        return Judgement(outcome=outcome, step=step, received=text, made=False)
    if isinstance(body, str):
        page = not worked and "html" in reply.headers.get("content-type", "")
        return Judgement(outcome=_web_page(server) if page else BadOutput(why=body), received=text)
    choice = _first(body.get("choices"))
    message = _mapping(choice.get("message"))
    content = message.get("content")
    outcome, step = _read(choice.get("finish_reason"), message, content, rung)
    received = content if isinstance(content, str) and content else text
    return Judgement(outcome=outcome, step=step, received=received, usage=told_usage(body, server))


def _read(finish: object, message: Mapping[str, Any], content: object, rung: Rung) -> tuple[Outcome, Step | None]:
    if not message:
        return BadOutput(why="the reply holds no message"), None
    if finish == "content_filter":
        return Refused(why="a filter of the server withheld the answer"), None
    if message.get("refusal"):
        return Refused(why=f"the model refuses: {one_line(message['refusal'])}"), None
    if finish == "length":
        return Truncated(why="the answer is longer than it may be"), None
    if not isinstance(content, str) or not content.strip():
        return BadOutput(why="the model said nothing"), Step.UNREADABLE
    try:
        return Ok(value=read_json(content, tolerant=rung != "json_schema")), None
    except Unreadable as error:
        return BadOutput(why=f"the answer cannot be read: {error}"), Step.UNREADABLE


def _object(reply: Reply) -> Mapping[str, Any] | str:
    """The body as a JSON object, or why it is none."""
    if not reply.whole:
        return "the reply is longer than two megabytes"
    if reply.headers.get("content-encoding", "identity") != "identity":
        return "the reply is compressed, though that was not asked for"
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return "the reply is no JSON"
    return value if isinstance(value, dict) else "the reply is no JSON object"


def _as_meant(reply: Reply, body: Mapping[str, Any] | str) -> Reply:
    """Go-betweens that had said 200 when the server behind them failed put its status into the body."""
    if isinstance(body, str) or body.get("choices") or not 200 <= reply.status < 300:
        return reply
    error = body.get("error")
    if not error:
        return reply
    code = _mapping(error).get("code")
    return replace(reply, status=code if isinstance(code, int) and 400 <= code < 600 else 502)


def _first(choices: object) -> Mapping[str, Any]:
    return _mapping(choices[0]) if isinstance(choices, list) and choices else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _web_page(server: ModelServer) -> Outcome:
    why = "the server sent a web page instead of an answer"
    remedy = f"There is no API at {address(server)}: check OPENAI_BASE_URL, which usually ends in /v1."
    return ConfigProblem(why=why, remedy=remedy)

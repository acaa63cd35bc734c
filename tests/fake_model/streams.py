"""Streams that were not asked for: good answers, and answers that break off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tests.fake_model.answers import DRAFT, Mode, halves

if TYPE_CHECKING:
    from tests.fake_model.server import Conversation


def streams(
    end: str = "\n",
    *,
    finish: str | None = "stop",
    last: str = "data: [DONE]",
    usage: bool = True,
    name: str = "content",
    before: str = "",
    stays: bool = False,
    cut: bool = False,
    kind: str = "text/event-stream",
    prefix: str = "data: ",
) -> Mode:
    """Send a good answer as a stream of events with `end` at the end of each line."""

    def mode(talk: Conversation) -> None:
        pieces = list(halves(talk.content()))
        deltas = [{"role": "assistant", "content": before or None}, *({name: piece} for piece in pieces)]
        if cut:
            deltas = deltas[:2]
        chunks: list[dict[str, Any]] = [
            {"choices": [{"index": 0, "delta": it, "finish_reason": None}]} for it in deltas
        ]
        if finish is not None:
            chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if usage:
            chunks.append({"choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": 40}})
        events = [f"{prefix}{json.dumps({'object': 'chat.completion.chunk', **chunk})}" for chunk in chunks]
        if prefix:
            events.insert(1, ": keep-alive")
        lines = (end * (2 if prefix else 1)).join([*events, *([last] if last else [])]) + 2 * end
        talk.begin(**{"Content-Type": kind, "Connection": "close"})
        talk.write(lines.encode())
        if stays:
            talk.say_nothing()
        talk.reset()

    return mode


def streamed_error(talk: Conversation) -> None:
    """Send a stream that begins well and ends with an error."""
    begin = json.dumps({"choices": [{"index": 0, "delta": {"content": halves(talk.content())[0]}}]})
    problem = json.dumps({"error": {"code": 429, "message": "Too many requests"}})
    talk.send(f"data: {begin}\n\nevent: error\ndata: {problem}\n\n".encode(), **{"Content-Type": "text/event-stream"})


STREAMS: Final[Mapping[str, Mode]] = {
    "stream": streams(),
    "stream_without_spaces": streams(prefix="data:", last="data:[DONE]"),
    "stream_with_CRLF": streams("\r\n"),
    "stream_with_CR": streams("\r"),
    "stream_without_usage": streams(usage=False),
    "stream_without_DONE": streams(last=""),
    "stream_without_any_end": streams(last="", finish=None),
    "stream_that_stays_open": streams(stays=True),
    "stream_of_reasoning": streams(name="reasoning_content"),
    "stream_with_a_thought": streams(before=f"<think>{DRAFT}</think>"),
    "stream_of_another_type": streams(kind="application/json"),
    "stream_of_lines": streams(prefix="", last="", kind="application/x-ndjson"),
    "stream_that_is_cut": streams(last="", finish=None, cut=True),
    "stream_that_grew_too_long": streams(finish="length", cut=True),
    "streamed_error": streamed_error,
}
"""Name -> mode."""

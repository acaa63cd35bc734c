"""The body of a reply as one chat completion, and where in it the model's words are. Pure.

Servers stream though they were not asked to, put the text elsewhere, or cut it into parts: all of that is brought into
the shape that OpenAI documents for an answer in one piece.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from mealplanner.llm.redaction import one_line
from mealplanner.llm.replies import Reply

Object = Mapping[str, Any]

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_WHOLE: Final = "mealplanner.whole"
BROKEN_OFF: Final = "mealplanner.broken_off"
"""A key of a completion from a stream: whether it broke off, as far as one can tell."""
_WHOLE_AT_ONCE: Final = frozenset({"role", "id", "type", "name", "finish_reason"})
"""Texts of a message that do not come in pieces."""
_THOUGHTS: Final = ("reasoning_content", "reasoning", "thinking")
"""Fields of a message for what the model thought. A server that takes all of an answer for a thought leaves its content
empty."""


def completion(reply: Reply) -> Object | str:
    """Return the body of `reply` as a chat completion, put together if it was streamed, or why it is none."""
    if not reply.whole:
        return "the reply is longer than two megabytes"
    if reply.headers.get("content-encoding", "identity") != "identity":
        return "the reply is compressed, though that was not asked for"
    try:
        value = _decoded(reply.body)
    except (ValueError, RecursionError):
        chunks = list(_chunks(reply.body))
        beginning = one_line(reply.body.decode(errors="replace"), 80)
        return _put_together(chunks) if chunks else f"the reply is no JSON: {beginning}"
    return value if isinstance(value, dict) else "the reply is no JSON object"


def first_choice(body: Object) -> Object:
    """Return the first choice of a completion, empty if there is none."""
    choices = body.get("choices")
    return mapping(choices[0]) if isinstance(choices, list) and choices else {}


def texts(choice: Object) -> list[str]:
    """Return the texts that may hold the answer, the likeliest first; what the model only thought is not among them."""
    message = mapping(choice.get("message"))
    places = (_content(message.get("content")), _arguments(message), [choice.get("text")])
    return [text for text in map(_joined, places) if text]


def thought(choice: Object) -> str:
    """Return what the model is said to have thought."""
    message = mapping(choice.get("message"))
    for name in _THOUGHTS:
        if text := _joined([message.get(name)]):
            return text
    details = message.get("reasoning_details")
    parts = [*(details if isinstance(details, list) else []), *_parts(message.get("content"))]
    return _joined(mapping(part).get(name) for part in parts for name in ("thinking", "reasoning", "text"))


def refusal(choice: Object) -> str:
    """Return the words in which the model declines, empty if it does not."""
    message = mapping(choice.get("message"))
    declined = [mapping(part).get("refusal") for part in _parts(message.get("content"))]
    return _joined([message.get("refusal"), *declined])


def mapping(value: object) -> Object:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


# Where the text is ------------------------------------------------------------------------------------------------


def _content(content: object) -> Iterator[object]:
    """Yield the text of a content: a string, parts of several types, or an object that a server has parsed already."""
    if isinstance(content, dict):
        content = [content] if "type" in content else [{"type": "json", "json": content}]
    if isinstance(content, str):
        yield content
    for part in _parts(content):
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict) and part.get("type", "text") in ("text", "output_text", "json", "output_json"):
            text = part.get("text", part.get("json"))
            yield text.get("value", text) if isinstance(text, dict) else text
        elif isinstance(part, dict) and part.get("type") in ("tool_use", "tool_call", "function_call"):
            yield part.get("input", part.get("arguments"))


def _arguments(message: Object) -> Iterator[object]:
    """Yield what the model called a tool with, though it was offered none."""
    calls = message.get("tool_calls")
    for call in [*(calls if isinstance(calls, list) else []), {"function": message.get("function_call")}]:
        function = mapping(mapping(call).get("function"))
        yield function.get("arguments")
    yield message.get("parsed")


def _parts(content: object) -> Sequence[object]:
    return content if isinstance(content, list) else ()


def _joined(some: Any) -> str:
    """Return the texts among `some`, objects as JSON, with space around cut off."""
    texts = (json.dumps(it, ensure_ascii=False) if isinstance(it, dict) else it for it in some)
    return "".join(text for text in texts if isinstance(text, str)).strip()


# Streams ----------------------------------------------------------------------------------------------------------


def _chunks(body: bytes) -> Iterator[Object]:
    """Yield the objects of a stream of events (`data: {...}`) or of lines, the last of which says that it is whole."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    for event in _events(text):
        if event == "[DONE]":
            yield {_WHOLE: True}
        with suppress(ValueError, RecursionError):
            if isinstance(value := _decoded(event), dict):
                yield value


def _events(text: str) -> Iterator[str]:
    """Yield the data of each event, by the HTML standard; a line that is JSON by itself counts as one."""
    data: list[str] = []
    for line in [*_LINE_END.split(text), ""]:
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        elif line.startswith("{"):
            yield line
        elif not line and data:
            yield "\n".join(data)
            data = []


def _put_together(chunks: Sequence[Object]) -> Object:
    """Return the completion that `chunks` are pieces of, with the error or the usage that one of them holds."""
    whole: dict[str, Any] = {}
    choice: dict[str, Any] = {"message": {}}
    for chunk in chunks:
        whole.update({name: chunk[name] for name in ("usage", "error", _WHOLE) if chunk.get(name)})
        piece = first_choice(chunk)
        if piece.get("index", 0) == 0:
            _merge(choice["message"], mapping(piece.get("delta")) or mapping(piece.get("message")))
            _merge(choice, {name: piece.get(name) for name in ("text", "finish_reason")})
    is_whole = _WHOLE in whole or "finish_reason" in choice
    return {**whole, "choices": [] if "error" in whole else [choice], BROKEN_OFF: not is_whole}


def _merge(message: dict[str, Any], delta: Object) -> None:
    """Add `delta` to `message`: texts and lists grow, and pieces of a list belong together by their index."""
    for name, value in delta.items():
        held = message.get(name)
        if isinstance(held, str) and isinstance(value, str) and name not in _WHOLE_AT_ONCE:
            message[name] = held + value
        elif isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        elif isinstance(held, list) and isinstance(value, list):
            for piece in value:
                _merge_item(held, piece)
        elif value is not None:
            message[name] = value


def _merge_item(held: list[Any], piece: Any) -> None:
    index = mapping(piece).get("index")
    same = [one for one in held if index is not None and mapping(one).get("index") == index]
    if same:
        _merge(same[0], piece)
    else:
        held.append(piece)


# JSON -------------------------------------------------------------------------------------------------------------


def _decoded(body: bytes | str) -> Any:
    return json.loads(body, object_pairs_hook=_unambiguous)


def _unambiguous(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Leave a key out that has two values: two programs could read it differently."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return {name: value for name, value in found.items() if all(other == value for key, other in pairs if key == name)}

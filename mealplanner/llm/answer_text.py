"""From the text of an answer to the JSON object that was asked for, wherever the model put it. Pure.

Text around the object is ignored: explanations, fences, thoughts, drafts. Of several objects the one that looks most
like the schema counts. Where two programs, or two people, could read the text differently it is not read at all, and
no value is ever corrected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from mealplanner.llm.strict_json import StrictDecoder, Unfinished
from mealplanner.llm.thoughts import split_thoughts

_START: Final = re.compile(r'\{(?=\s*["}])|\[(?=[\s\[]{0,20}\{)')
"""Where an object or a list of objects may begin: not every brace in prose."""
_MOST_FALSE_STARTS: Final = 50
"""Places where JSON seems to begin and does not; each may be searched to the end of the text."""
_MARKS: Final = re.compile(r"```\w*|<[^<>]*>|\[/?\w+\]")
"""Fences and tags, which are no words."""
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class Unreadable(ValueError):
    """The text holds no answer that can be read without doubt. The words say why, `cause` of which kind it is."""

    def __init__(self, why: str, cause: Literal["unreadable", "unexpected"] = "unreadable") -> None:
        super().__init__(why)
        self.cause = cause


def read_answer(text: str, schema: Mapping[str, Any], *, is_thought: bool = False) -> dict[str, Any]:
    """Return the object in `text` that answers a question with `schema`.

    A thought, which is what `text` is if `is_thought`, is read only where nothing else was said, and only if it ends
    with an object of exactly this shape.

    Raise `Unreadable` if there is no such object, if there are several different ones and nothing tells which is meant,
    or if it holds NaN, an infinite number, a number that is too long, the same key twice, half a character, or is cut
    off or nested too deep.
    """
    text = _unquoted(text)
    said, thought = (text, "") if _is_json(text) else split_thoughts(text)
    if is_thought and said == text:
        said, thought = "", text
    found = list(_found(said, schema))
    if found or not thought.strip():
        return _chosen(said, found)
    concluded = [one for one in _found(thought, schema) if one.score == _perfect(schema)]
    if not concluded or _has_words(thought[concluded[-1].end :]):
        raise Unreadable("the model thought and did not answer")
    return _chosen(thought, concluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An object in a text, from `start` to `end`; how much it looks like the schema, and what is wrong with it."""

    value: dict[str, Any]
    score: int
    start: int
    end: int
    problem: str | None


def _chosen(text: str, found: list[_Found]) -> dict[str, Any]:
    if not found:
        if any(_found(text, {})):
            raise Unreadable("it holds nothing that was asked for", "unexpected")
        raise Unreadable("it holds no JSON object")
    best = max(one.score for one in found)
    *others, chosen = (one for one in found if one.score == best)
    if chosen.problem:
        raise Unreadable(chosen.problem)
    if any(one.value != chosen.value and not _has_words(text[one.end : chosen.start]) for one in others):
        raise Unreadable("it holds different answers, one after the other")
    return chosen.value


def _found(text: str, schema: Mapping[str, Any]) -> Iterator[_Found]:
    """Yield the objects in `text` that look like the schema, in their order, those within others included."""
    decoder, false_starts, end = StrictDecoder(), 0, 0
    while (begins := _START.search(text, end)) and false_starts < _MOST_FALSE_STARTS:
        start = begins.start()
        try:
            value, end, problem = decoder.decode(text, start)
        except Unfinished:
            raise Unreadable("it ends in the middle of an object") from None
        except json.JSONDecodeError:
            false_starts, end = false_starts + 1, start + 1
            continue
        if value is None:
            raise Unreadable(problem or "it holds null")
        for inner, wrong in _fitting(value, schema, problem):
            score = _score(inner, schema, typed=wrong is None)
            yield _Found(value=inner, score=score, start=start, end=end, problem=wrong)


def _fitting(value: Any, schema: Mapping[str, Any], problem: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield what in `value` looks like the schema, itself or within, each with its problem; what fits is not opened."""
    if isinstance(value, str) and _START.match(value):
        with suppress(ValueError):
            value, _end, problem = StrictDecoder().decode(value, 0)
    if isinstance(value, dict):
        score = _score(value, schema)
        if score:
            yield value, problem
        if score < _perfect(schema):
            for inner in value.values():
                yield from _fitting(inner, schema, problem)
    elif isinstance(value, list):
        fitting = [one for inner in value for one in _fitting(inner, schema, problem)]
        yield from fitting or _as_only_property(value, schema, problem)


def _as_only_property(
    value: list[Any], schema: Mapping[str, Any], problem: str | None
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield the object that `value` would stand in, where the schema has one property and that is such a list."""
    properties = schema.get("properties", {})
    if len(properties) == 1:
        ((name, inner),) = properties.items()
        item = inner.get("items", {})
        if any(isinstance(one, dict) and _score(one, item) == _perfect(item) for one in value):
            yield {name: value}, problem


def _score(value: Mapping[str, Any], schema: Mapping[str, Any], *, typed: bool = True) -> int:
    """Return a point for each property of `schema` that `value` has, and another where its type is right.

    Types of a value with a problem are not looked at (`typed`): it is meant as an answer, and must not lose against a
    draft.
    """
    properties = schema.get("properties", {})
    present = [name for name in properties if name in value]
    right = [name for name in present if not typed or _has_type(value[name], properties[name].get("type"))]
    return len(present) + len(right) if properties else 1


def _perfect(schema: Mapping[str, Any]) -> int:
    return 2 * len(schema.get("properties", {})) or 1


def _has_type(value: Any, name: str) -> bool:
    types = _TYPES.get(name, (object,))
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def _has_words(text: str) -> bool:
    return _WORD.search(_MARKS.sub(" ", text)) is not None


def _is_json(text: str) -> bool:
    with suppress(ValueError, RecursionError):
        json.loads(text)
        return True
    return False


def _unquoted(text: str) -> str:
    """Return the text within `text` where that is one JSON string, as models write that quote their answer."""
    text = text.strip("\ufeff \t\r\n")
    inner = json.loads(text) if text.startswith('"') and _is_json(text) else text
    return inner if isinstance(inner, str) else text

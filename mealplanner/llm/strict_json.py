"""From the text of an answer to JSON, strictly: what two programs could read differently is not read at all. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any, Final, NoReturn

_THOUGHT: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE: Final = re.compile(r"```[a-zA-Z]*\n(.*?)```", re.DOTALL)
_DEEPEST: Final = 20
"""Objects and lists within each other; ours have four."""
_LONGEST_INTEGER: Final = 15
"""Digits that every program reads as the same number."""


class Unreadable(ValueError):
    """The text is no JSON that we take; the words say why."""


def read_json(text: str, *, tolerant: bool) -> dict[str, Any]:
    """The object that `text` holds. `tolerant`: it may stand in a fence, or among other words, of which the first
    object counts.

    Raises `Unreadable`: no JSON object, NaN or an infinite number, a number that is too long, a key that stands twice,
    half a character, or too deep.
    """
    try:
        value = _DECODER.decode(text.strip()) if not tolerant else _first_object(text)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unreadable("it holds half a character") from None
    except json.JSONDecodeError:
        raise Unreadable("it is no JSON") from None
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    if not isinstance(value, dict):
        raise Unreadable("it is no JSON object")
    if _is_deeper(value, _DEEPEST):
        raise Unreadable("it is nested too deep")
    return value


def _first_object(text: str) -> Any:
    text = _THOUGHT.sub("", text)
    fenced = _FENCE.search(text)
    text = fenced[1] if fenced else text
    value, _end = _DECODER.raw_decode(text, max(text.find("{"), 0))
    return value


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not levels or any(_is_deeper(held, levels - 1) for held in inner)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a key stands in it twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("it holds a number without end")
    return number


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > _LONGEST_INTEGER:
        raise Unreadable("it holds a number that is too long")
    return int(text)


def _no_number(name: str) -> NoReturn:
    raise Unreadable(f"it holds {name}, which is no JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_finite, parse_int=_integer, parse_constant=_no_number
)

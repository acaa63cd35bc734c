"""JSON as strictly as possible: a value that two programs could read differently carries a problem. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Final

_DEEPEST: Final = 20
"""Objects and lists within each other; ours have four."""
_LONGEST_INTEGER: Final = 15
"""Digits that every program reads as the same number."""


class Unfinished(ValueError):
    """The text ends before the JSON value does."""


class StrictDecoder:
    """Decodes one JSON value after the other, and notes what is ambiguous in each."""

    def __init__(self) -> None:
        self._problems: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=self._float,
            parse_int=self._integer,
            parse_constant=self._constant,
            strict=False,  # a line break within a text can mean nothing else
        )

    def decode(self, text: str, start: int) -> tuple[Any, int, str | None]:
        """Return the value at `start`, where it ends, and what is wrong with it, if anything.

        Raise `Unfinished` if the text ends before the value does, and `json.JSONDecodeError` if there is none at all.
        """
        self._problems.clear()
        try:
            value, end = self._decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()):
                raise Unfinished from None
            raise
        except RecursionError:
            return None, len(text), "it is nested too deep"
        return value, end, self._problem(value)

    def _problem(self, value: Any) -> str | None:
        if self._problems:
            return self._problems[0]
        if _is_deeper(value, _DEEPEST):
            return "it is nested too deep"
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return "it holds half a character"
        return None

    def _object(self, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            self._problems.append("it holds the same key twice")
        return found

    def _float(self, text: str) -> float:
        number = float(text)
        if not math.isfinite(number):
            self._problems.append("it holds an infinite number")
        return number

    def _integer(self, text: str) -> int:
        if len(text.lstrip("-")) > _LONGEST_INTEGER:
            self._problems.append("it holds a number that is too long")
            return 0
        return int(text)

    def _constant(self, name: str) -> None:
        self._problems.append(f"it holds {name}, which is not JSON")


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not levels or any(_is_deeper(held, levels - 1) for held in inner)

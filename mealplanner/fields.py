"""What people type, read as values: the fields that forms and JSON share, and the numbers that the commands take too.

Every field checks the type first, so that no value of another type reaches a check that cannot deal with it. Digits are
those of ASCII; what the database or the planner reads later must be able to read the same text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import fields, validate

from mealplanner.paging import place_of
from mealplanner.presentation.formatting import what_shows, without_unseen

_SEPARATORS: Final = ",.' \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{RIGHT SINGLE QUOTATION MARK}"
_GROUPS: Final = re.compile(rf"-?[1-9][0-9]{{0,2}}([{_SEPARATORS}])[0-9]{{3}}(?:\1[0-9]{{3}})*")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")

AFTER: Final = "This address is not complete. Begin with the first page of the list, and follow its links."


def whole(value: object) -> int | None:
    """Return the whole number that was typed, with or without separators of thousands; None if it is none.

    "1,800", "1 800", "1'800" and "1.800" are 1800: where only whole numbers are asked for, a mark before exactly three
    digits can be nothing else. "1.8" and "20.5" are no whole numbers.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**18 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**18 else None
    text = value.strip() if isinstance(value, str) else ""
    if _WHOLE.fullmatch(text):
        return int(text)
    return int(re.sub("[^0-9-]", "", text)) if len(text) < 24 and _GROUPS.fullmatch(text) else None


def decimal(value: object) -> float | None:
    """Return the number that was typed, with a point or a comma before its decimals; None if it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) < 10**15 and math.isfinite(value) else None
    text = value.strip() if isinstance(value, str) else ""
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


class Whole(fields.Integer):
    """A whole number from `least` to `most`; `expected` is the message for everything else."""

    def __init__(self, least: int, most: int, expected: str, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=expected), **_saying(expected, options))

    def _validated(self, value: Any) -> int:
        number = whole(value)
        if number is None:
            raise self.make_error("invalid")
        return number


class Decimal(fields.Float):
    """A number from `least` to `most`; `expected` is the message for everything else."""

    def __init__(self, least: float, most: float, expected: str, **options: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=expected), **_saying(expected, options))

    def _validated(self, value: Any) -> float:
        number = decimal(value)
        if number is None:
            raise self.make_error("invalid")
        return number


class Time(fields.String):
    """A time of the day, as `HH:MM`."""

    def __init__(self, expected: str, **options: Any) -> None:
        super().__init__(**_saying(expected, options))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        found = _TIME.fullmatch(str(super()._deserialize(value, attr, data, **options)).strip())
        if found is None:
            raise self.make_error("invalid")
        return f"{int(found[1]):02}:{found[2]}"


def one_line(text: str) -> str:
    """Return `text` without surplus white space and what cannot be seen; nothing where it shows nothing."""
    line = " ".join(without_unseen(text).split())
    return line if what_shows(line) else ""


class Line(fields.String):
    """A text of one line, as `one_line` tidies it, of 1 to `most` characters; `expected` is the message for others."""

    def __init__(self, most: int, expected: str, **options: Any) -> None:
        super().__init__(validate=validate.Length(1, most, error=expected), **_saying(expected, options))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        return one_line(str(super()._deserialize(value, attr, data, **options)))


class After(fields.String):
    """Where the part of a list begins that is asked for: a tuple, or None for its beginning."""

    def __init__(self, *kinds: Callable[[str], Any]) -> None:
        super().__init__(load_default=None, error_messages=said(AFTER))
        self._kinds = kinds

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        try:
            return place_of(super()._deserialize(value, attr, data, **options), self._kinds)
        except ValueError:
            raise self.make_error("invalid") from None


def page_number() -> fields.Integer:
    """Return a field for the number of a page, from 1."""
    return Whole(1, 9999, "Choose a page by its number.", load_default=1)


class Choice(fields.String):
    """One of a few words; `expected` is the message for everything else."""

    def __init__(self, known: Mapping[str, object] | tuple[str, ...], expected: str, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(tuple(known), error=expected), **_saying(expected, options))


class Words(fields.List[Any]):
    """A list of texts without blanks and repeats, which people leave behind; left out, it is empty by default."""

    def __init__(self, each: fields.String, expected: str, **options: Any) -> None:
        super().__init__(each, **{"load_default": list, **_saying(expected, options)})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> list[Any]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.make_error("invalid")
        tidied = dict.fromkeys(map(one_line, value))
        tidied.pop("", None)
        return super()._deserialize(list(tidied), attr, data, **options)


def said(expected: str) -> dict[str, Any]:
    """Return `expected` as the message for a field that is missing, null or of the wrong type."""
    return dict.fromkeys(("required", "null", "invalid"), expected)


def _saying(expected: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"error_messages": said(expected), **options}

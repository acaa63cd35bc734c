"""Times in the words of a recipe: “20 minutes”, “1½ hours”, “two to three minutes”, “half an hour”. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {"a": 1, "an": 1} | {
    word: value
    for value, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1)
}
_TEENS: Final = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_WORDS: Final = {
    **_UNITS,
    **{word: value for value, word in enumerate(_TEENS, start=10)},
    **_TENS,
    **{f"{ten}-{unit}": tens + value for ten, tens in _TENS.items() for unit, value in _UNITS.items() if len(unit) > 2},
}
_SIGNS: Final = {"¼": 0.25, "½": 0.5, "¾": 0.75}
_SHARES: Final = {None: 0.0, "half": 0.5, "quarter": 0.25}
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}

_NUMBER: Final = (
    rf"(?:\d+\ ?[¼½¾]|\d+\ \d/\d|\d+(?:\.\d+)?|\d/\d|[¼½¾]|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
)
_UNIT: Final = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)"
_RANGE: Final = r"(?:\ to\ |\ or\ |\ ?[-\N{EN DASH}]\ ?)"
_MORE: Final = r"(?:\ and\ a\ (?:half|quarter))?"
_PART: Final = rf"(?:{_NUMBER}(?:{_RANGE}{_NUMBER})?{_MORE}\ ?-?{_UNIT}{_MORE})"
_FRACTION: Final = r"(?:half|(?:a|three)\ quarters?\ of)\ (?:an?\ )(?:minute|hour)"
_TIME: Final = re.compile(rf"\b(?:{_FRACTION}|{_PART}(?:(?:\ and|,)?\ {_PART})?)\b", re.IGNORECASE)
_ONE_PART: Final = re.compile(
    rf"(?P<least>{_NUMBER})(?:{_RANGE}{_NUMBER})?(?:\ and\ a\ (?P<share>half|quarter))?\ ?-?(?P<unit>{_UNIT})"
    r"(?:\ and\ a\ (?P<later>half|quarter))?",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(r"(?:an?|one) second", re.IGNORECASE)
"""As in “a second pan”."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time as it stands in a text, from `start` to `end`; the least of it where that says “8 to 10 minutes”."""

    start: int
    end: int
    seconds: int


def times(text: str) -> Iterator[Time]:
    """Yield the times in `text`."""
    for found in _TIME.finditer(text):
        if not _ORDINAL.fullmatch(found[0]):
            yield Time(found.start(), found.end(), _seconds(found[0]))


def _seconds(time: str) -> int:
    """Return the least that `time` says: of “8 to 10 minutes” it is 480."""
    words = time.casefold()
    if re.fullmatch(_FRACTION, words):
        share = 0.5 if words.startswith("half") else 0.75 if words.startswith("three") else 0.25
        return round(share * (3600 if words.endswith("hour") else 60))
    return round(sum(_part_seconds(part) for part in _ONE_PART.finditer(words)))


def _part_seconds(part: re.Match[str]) -> float:
    amount = _number(part["least"]) + _SHARES[part["share"] or part["later"]]
    return amount * _SECONDS[part["unit"][0]]


def _number(text: str) -> float:
    """Return the number that `text` says: `2`, `1.5`, `1 1/2`, `1½`, `½` or a word."""
    if text in _WORDS:
        return _WORDS[text]
    parts = re.findall(r"\d+/\d+|\d+(?:\.\d+)?|[¼½¾]", text)
    return sum(_SIGNS.get(part) or _fraction(part) for part in parts)


def _fraction(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)

"""How long the steps of a recipe take at least, by the times that they state. Pure.

A step that says "meanwhile", or "while the rice cooks", begins with what goes on, and its times run beside it. What
takes hours and is more than the recipe's own minutes (soaking overnight) happens before, and is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORDS: Final = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "a": 1, "an": 1, "half a": 0.5}
_UNITS: Final = {"second": 1 / 60, "minute": 1, "hour": 60}
_TIME: Final = re.compile(
    rf"\b(?P<number>\d+|half an?|{'|'.join(_WORDS)})(?: (?:to|or) [a-z\d]+)?[ -](?P<unit>second|minute|hour)s?\b"
    r"(?P<sides>(?: (?:a|each|per|on each|on both)) sides?)?",
    re.IGNORECASE,
)
_NOT_AFTER: Final = re.compile(r"\b(?:(?:the )?last|every|after|at least|each)(?: for)? $", re.IGNORECASE)
"""Words after which a time is part of another one, or may be longer or none."""
_NOT_BEFORE: Final = re.compile(r" (?:short of|before|in advance|if you)", re.IGNORECASE)
_BESIDE: Final = re.compile(
    r"\bmeanwhile\b|\bwhile (?:it|they|both|the [a-z ]+) (?:cooks?|bakes?|boils?|rests?|roasts?|simmers?)\b",
    re.IGNORECASE,
)
_AT_ONCE: Final = re.compile(r"\bat the same time\b", re.IGNORECASE)
_LONG: Final = 60
"""Minutes; what takes so long, and longer than the recipe, is done before."""


def least_minutes(steps: Iterable[str], stated: float) -> float:
    """Return what the steps take one after the other, and beside each other where they say so."""
    now = end = last = 0.0
    for sentence in (sentence for step in steps for sentence in re.split(r"(?<=\.)\s", step)):
        taken = sum(time for time in _times(sentence) if time < _LONG or time <= stated)
        if _BESIDE.search(sentence):
            end, now = max(end, now), now - last
        if _AT_ONCE.search(sentence):
            end = max(end, now - last + taken)
            continue
        now += taken
        last = taken or last
    return max(now, end)


def _times(sentence: str) -> Iterable[float]:
    for found in _TIME.finditer(sentence):
        if _NOT_AFTER.search(sentence[: found.start()]) or _NOT_BEFORE.match(sentence, found.end()):
            continue
        written = found["number"].lower().replace("half an", "half a")
        number = float(written) if written.isdecimal() else _WORDS[written]
        yield number * _UNITS[found["unit"].lower()] * (2 if found["sides"] else 1)

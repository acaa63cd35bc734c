"""Find the times to wait in a step of a recipe: “simmer for 20 minutes”. Pure.

What no clock can keep is left alone: “overnight”, “a few minutes”, the last minutes of a longer time, and how often to
stir.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {"a": 1, "an": 1} | {
    word: value
    for value, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1)
}
_TEENS: Final = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen")
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_WORDS: Final = {
    **_UNITS,
    **{word: value for value, word in enumerate((*_TEENS, "nineteen"), start=10)},
    **_TENS,
    **{f"{ten}-{unit}": tens + value for ten, tens in _TENS.items() for unit, value in _UNITS.items() if len(unit) > 2},
}
_SIGNS: Final = {"¼": 0.25, "½": 0.5, "¾": 0.75}
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}

_NUMBER: Final = (
    rf"(?:\d+\ ?[¼½¾]|\d+\ \d/\d|\d+(?:\.\d+)?|\d/\d|[¼½¾]|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
)
_UNIT: Final = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)"
_RANGE: Final = r"(?:\ to\ |\ or\ |\ ?[-\N{EN DASH}]\ ?)"
_PART: Final = rf"(?:{_NUMBER}(?:{_RANGE}{_NUMBER})?(?:\ and\ a\ half)?\ ?-?{_UNIT}(?:\ and\ a\ half)?)"
_FRACTION: Final = r"(?:half|(?:a|three)\ quarters?\ of)\ (?:an?\ )(?:minute|hour)"
_TIME: Final = re.compile(rf"\b(?:{_FRACTION}|{_PART}(?:(?:\ and|,)?\ {_PART})?)\b", re.IGNORECASE)
_ONE_PART: Final = re.compile(
    rf"(?P<least>{_NUMBER})(?:{_RANGE}{_NUMBER})?(?P<half>\ and\ a\ half)?\ ?-?(?P<unit>{_UNIT})"
    r"(?P<later>\ and\ a\ half)?",
    re.IGNORECASE,
)
_NOT_BEFORE: Final = re.compile(r"\b(?:last|final|every|each|within)\s+$", re.IGNORECASE)
_NOT_AFTER: Final = re.compile(r"\s+(?:short of|before the end)\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.;]\s")
_VERB: Final = re.compile(
    r"(?<![\w-])(?:(?:let|leave)\s+(?:\S+\s+){1,3}?(?:to\s+)?)?"
    r"(?P<verb>(?:stir-|dry-|pan-)?fry|bake|beat|blanch|blend|boil|braise|brown(?!\s+(?:rice|onion|lentil))|bubble|char"
    r"|chill|cook|cool|freeze|grill|griddle|heat|infuse|knead|leave|let|marinate|microwave|mix|pickle|poach|press|process"
    r"|prove|pulse|reduce|rest|rinse|roast|rub|scramble|sear|simmer|sizzle|soak|soften|stand|steam|steep|stew|stir|swell"
    r"|thicken|toast|toss|warm|whip|whisk|wilt)(?![\w-])",
    re.IGNORECASE,
)
_NOUN_AFTER: Final = re.compile(
    r"(?:\b(?:an?|the|of|high|medium|low|gentle|moderate|fierce|full|hot|dry|more|-high|-low)\s+)$", re.IGNORECASE
)
"""What stands before a word that is no verb there: over medium heat, a hot grill, the toast."""
_ENOUGH: Final = re.compile(
    r"[,:(]|\s+(?:about|after|again|alone|and|another|at|covered|for|from|in|into|on|or|over|to|under|until|usually|with)\b|\s+\d"
)
_MOST_WORDS: Final = 4
_DANGLING: Final = frozenset(
    ("a", "against", "all", "an", "beside", "both", "chopped", "cut", "diced", "finely", "half", "of", "one", "side")
) | {"skin", "sliced", "the"}
"""Words that no label ends with."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A time to wait, the least of it where a step says “8 to 10 minutes”."""

    seconds: int
    label: str
    """What is done meanwhile, in a few words; empty where that is not clear."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a step. With a timer it is the words of a time, as in “20 minutes”."""

    text: str
    timer: Timer | None = None


def pieces(step: str) -> tuple[Piece, ...]:
    """Return `step` cut at the times to wait; the texts together are the step."""
    return tuple(piece for piece in _pieces(step) if piece.text)


def _pieces(step: str) -> Iterator[Piece]:
    done = 0
    for found in _TIME.finditer(step):
        if _is_a_wait(step, found):
            yield Piece(step[done : found.start()])
            yield Piece(found[0], Timer(_seconds(found[0]), _label(step[: found.start()])))
            done = found.end()
    yield Piece(step[done:])


def _is_a_wait(step: str, found: re.Match[str]) -> bool:
    if re.fullmatch(r"(?:an?|one) second", found[0], re.IGNORECASE):  # as in “a second pan”
        return False
    return not (_NOT_BEFORE.search(step[: found.start()]) or _NOT_AFTER.match(step[found.end() :]))


def _seconds(time: str) -> int:
    """Return the least that `time` says: of “8 to 10 minutes” it is 480."""
    words = time.casefold()
    if "quarter" in words or words.startswith("half"):
        share = 0.5 if words.startswith("half") else 0.75 if words.startswith("three") else 0.25
        return round(share * (3600 if words.endswith("hour") else 60))
    return round(sum(_part_seconds(part) for part in _ONE_PART.finditer(words)))


def _part_seconds(part: re.Match[str]) -> float:
    amount = _number(part["least"]) + (0.5 if part["half"] or part["later"] else 0)
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


def _label(before: str) -> str:
    """Return what is done meanwhile, as in “Simmer the lentils”; empty where no verb of the kitchen says it."""
    sentence = _SENTENCE.split(before)[-1]
    starts = [
        found.start() for found in _VERB.finditer(sentence) if not _NOUN_AFTER.search(sentence[: found.start("verb")])
    ]
    if not starts:
        return ""
    words = _ENOUGH.split(sentence[starts[-1] :] + " for", maxsplit=1)[0].split()[:_MOST_WORDS]
    while words[-1] in _DANGLING:
        words.pop()
    return " ".join(words).capitalize()

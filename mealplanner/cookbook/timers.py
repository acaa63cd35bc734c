"""Find the times to wait in a step of a recipe: “simmer for 20 minutes”. Pure.

What no clock can keep is left alone: “overnight”, “a few minutes”, the last minutes of a longer time, and how often to
stir.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mealplanner.food.times import times

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
    r"[,:(]|\s+(?:about|after|again|alone|and|another|at|covered|every|for|from|in|into|on|or|over|to|under|until|usually|with)\b|\s+\d"
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
    for time in times(step):
        before, words = step[: time.start], step[time.start : time.end]
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(step[time.end :]):
            continue
        yield Piece(step[done : time.start])
        yield Piece(words, Timer(time.seconds, _label(before)))
        done = time.end
    yield Piece(step[done:])


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

"""How long the steps of a recipe take at least, by the times that they state. Pure.

A step that says "meanwhile", or "while the rice cooks", begins with what goes on, and its times run beside it. What
takes hours and is more than the recipe's own minutes (soaking overnight) happens before, and is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mealplanner.food.times import times

_SIDES: Final = re.compile(r" (?:a|each|per|on each|on both) sides?", re.IGNORECASE)
"""After a time that is needed twice."""
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

_VERBS: Final = re.compile(
    r"\b(?:(?P<waits>bake|roast|simmer|boil|poach|steam|braise|stew|rest|ris|prov|chill|cool|freez|stand|leav|let|soak"
    r"|marinat|steep|infus|swell|microwav|air-fr)|(?P<cooks>cook)|fry|fri|stir|turn|grill|toast|blend|knead|whisk|brown"
    r"|sear|soften|sweat|beat|char|shak|toss|mix|press|mash|warm|melt|crisp|reduc)(?:y|e|t|s|es|ed|ing)?\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    r"\b(?:cover|oven|cooker|pressure|on high|on low|programme|microwave|air.fryer|lid)", re.IGNORECASE
)
_WATCHED: Final = re.compile(r"\bstirring(?! (?:once|twice|now and|from time|occasionally|halfway))", re.IGNORECASE)
_STRETCH: Final = 15
"""Minutes that a dish is left alone for, from which a cook can do something else."""
_GLANCE: Final = 2
"""Minutes that a sentence takes which states none."""


def least_minutes(steps: Iterable[str], stated: float) -> float:
    """Return what the steps take one after the other, and beside each other where they say so."""
    now = end = last = 0.0
    for sentence in _sentences(steps):
        taken = sum(time for time in _times(sentence) if time < _LONG or time <= stated)
        if _BESIDE.search(sentence):
            end, now = max(end, now), now - last
        if _AT_ONCE.search(sentence):
            end = max(end, now - last + taken)
            continue
        now += taken
        last = taken or last
    return max(now, end)


def waiting_minutes(steps: Iterable[str], stated: int) -> int:
    """Return for about how many of the `stated` minutes the dish is left alone, a quarter of an hour or more at a time.

    What else there is to do, beside that or not, takes the other minutes.
    """
    alone = by_hand = 0.0
    for sentence in _sentences(steps):
        told = [time for time in _watched_times(sentence) if time[0] < _LONG or time[0] <= stated]
        alone += sum(minutes for minutes, left in told if left and minutes >= _STRETCH)
        by_hand += sum(minutes for minutes, left in told if not left) if told else _GLANCE
    waiting = int(min(alone, stated - by_hand) // 5 * 5)
    return waiting if waiting >= _STRETCH else 0


def long_waits(steps: Iterable[str], stated: float) -> Iterator[float]:
    """Yield the minutes of each time of an hour or more that is longer than the `stated` minutes of the dish."""
    for sentence in _sentences(step.replace("at least ", "") for step in steps):
        yield from (minutes for minutes in _times(sentence) if minutes >= _LONG and minutes > stated)


def _sentences(steps: Iterable[str]) -> Iterator[str]:
    return (sentence for step in steps for sentence in re.split(r"(?<=\.)\s", step))


def _times(sentence: str) -> Iterator[float]:
    return (minutes for minutes, _ in _watched_times(sentence))


def _watched_times(sentence: str) -> Iterator[tuple[float, bool]]:
    """Yield each time that a sentence states, in minutes, and whether the dish is left alone for that time."""
    alone = False
    start = 0
    for time in times(sentence):
        if verbs := [*_VERBS.finditer(sentence, start, time.start)]:
            alone = bool(verbs[-1]["waits"] or (verbs[-1]["cooks"] and _ALONE.search(sentence)))
        start = time.end
        if _NOT_AFTER.search(sentence[: time.start]) or _NOT_BEFORE.match(sentence, time.end):
            continue
        minutes = time.seconds / 60 * (2 if _SIDES.match(sentence, time.end) else 1)
        yield minutes, alone and not _WATCHED.search(sentence)

"""How soon a new password would be guessed. Pure; the words are our own, the rest is computed.

Whoever guesses begins with words, repeats, runs of letters or digits, walks over the keyboard, and what is known of the
person. Each of these counts as one character here, so that `password123` is two long and four unrelated words stay
long.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Final

LEAST_LEFT: Final = 8
"""How many characters must be left when everything that is easy to guess counts as one."""

EASY: Final = (
    "This would be among the first guesses: common words, names, repeats and sequences count as one character here. "
    "A few unrelated words make a good one."
)

SHORTEST_RUN: Final = 3
"""Shorter ones are no pattern: every word has them."""

_WORDS = """
admin administrator angel autumn baby baseball batman charlie cheese chocolate computer changeme cookie daniel
default donald dragon family football freedom friday guest hallo hello hockey hunter iloveyou internet jessica
jesus jordan justin killer letmein liverpool login london love lovely master matrix michael mobile monday monkey
mustang ninja nothing password passwort passw0rd pepper pokemon princess purple qwerty ranger root samsung saturday
secret shadow soccer spring starwars summer sunday sunshine superman test thomas thunder tigger trustno welcome
whatever william winter wizard yankees
january february march april june july august september october november december
mealplanner meal planner menu recipe breakfast lunch dinner
"""

WORDS: Final = frozenset(_WORDS.split())
"""Words that every list of leaked passwords has near its top, and those of this product."""

_ROWS: Final = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"),
    *("!@#$%^&*()", '!"§$%&/()='),
)
"""Along any of these, in either direction, a hand or a counter runs by itself."""

_STEPS: Final = frozenset(pair for row in _ROWS for way in (row, row[::-1]) for pair in itertools.pairwise(way))
_LOOKALIKES: Final = str.maketrans("@4301!$57", "aaeoiisst")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def easy_to_guess(password: str, *, known: Iterable[str] = ()) -> bool:
    """Whether `password` is short once its words and patterns are; `known` is what others know of the person."""
    words = WORDS.union(*(_parts(text.casefold()) for text in known))
    folded = password.casefold()
    as_typed, as_meant = (_units(text, words) for text in (folded, folded.translate(_LOOKALIKES)))
    return min(as_typed, as_meant) < LEAST_LEFT


def _parts(text: str) -> set[str]:
    """`text` as a whole, and those of its words that are longer than a syllable."""
    return {text, *(part for part in re.split(r"[\W_]+", text) if len(part) >= 4)}


def _units(text: str, words: frozenset[str]) -> int:
    """The length of `text` when every word, run, year and repeat counts as one."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "\N{BLACK SQUARE}")
    return _without_repeats(_without_runs(_YEAR.sub("\N{WHITE SQUARE}", text)))


def _without_runs(text: str) -> str:
    """`text` with each run of `SHORTEST_RUN` or more, and each repeated letter, shortened to its first letter."""
    kept: list[str] = []
    start = 0
    while start < len(text):
        end = _end_of_run(text, start)
        kept.append(text[start] if end - start >= SHORTEST_RUN else text[start:end])
        start = end
    return "".join(kept)


def _end_of_run(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and (text[end] == text[end - 1] or (text[end - 1], text[end]) in _STEPS):
        end += 1
    return end


def _without_repeats(text: str) -> int:
    """How long `text` is when it is said once: 3 for `abcabcabcab`."""
    for period in range(1, len(text) // 2 + 1):
        if all(letter == text[place % period] for place, letter in enumerate(text)):
            return period
    return len(text)

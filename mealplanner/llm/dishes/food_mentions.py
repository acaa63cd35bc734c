"""Find foods named in a title or in steps that a person does not eat.

This is a second line of defence: the first is the closed list and the proof of `planner.restrictions`, which know foods
by their ids. It catches a dish whose words speak of something that its ingredients do not hold. A name is innocent if
something that may be eaten has it too, as milk is in a dish with coconut milk.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from mealplanner.food.match import terms
from mealplanner.food.name_index import labels
from mealplanner.food.spelling import words
from mealplanner.llm.dishes.brief import Brief
from mealplanner.planner.alarms import suspicious_words
from mealplanner.planner.model import Food
from mealplanner.planner.pool import rules

Phrase = tuple[str, ...]

VERBS: Final = frozenset({"fry", "roll", "toast", "wrap"})
"""Names of foods, in the singular, that are also what a cook does."""


def forbidden_mentions(texts: Sequence[str], brief: Brief, innocents: Iterable[Food]) -> tuple[str, ...]:
    """Return, sorted, what `texts` name that `brief` rules out, except for names of the `innocents`."""
    called = [frozenset(_name(label)) for food in innocents for label in labels(food)]
    said = {phrase for text in texts for phrase in _phrases(words(text))}
    named = {phrase for phrase in _forbidden_names(brief) if phrase in said}
    named |= {words(found) for found in suspicious_words(map(_without_accents, texts), rules(brief.request))}
    return tuple(sorted(" ".join(name) for name in named if not any(label.issuperset(name) for label in called)))


def disliked_title(title: str, brief: Brief) -> bool:
    """Return whether `title` names one of the dislikes as they were typed: “soup”, for example."""
    said = set(_phrases(words(title)))
    return any(term in said for text in brief.dislikes for term in terms(text))


def _forbidden_names(brief: Brief) -> Iterator[Phrase]:
    typed = [term for text in brief.known_dislikes for term in terms(text)]
    allowed = {food.id for food in brief.allowed}
    called = [_name(label) for food in brief.foods.values() if food.id not in allowed for label in labels(food)]
    return (name for name in (*typed, *called) if name and not VERBS.issuperset(name))


@cache
def _name(label: str) -> Phrase:
    """Return the words of a name in the table of foods; cached, because every dish is compared with all of them."""
    return words(label)


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _phrases(said: Phrase, longest: int = 6) -> Iterator[Phrase]:
    """Yield all runs of up to `longest` words."""
    for start in range(len(said)):
        yield from (said[start:end] for end in range(start + 1, min(start + longest, len(said)) + 1))

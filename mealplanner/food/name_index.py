"""Which foods and groups of one table a name means, indexed: a look-up costs no more for a larger table.

Only misspellings and the most similar names are looked for among all words, by rapidfuzz, for words that are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from mealplanner.food.composition import Composition
from mealplanner.food.groups import Group
from mealplanner.food.plain_words import ADJECTIVES, CATEGORIES, FILLER, NOT_NAMES, UNLISTED
from mealplanner.food.spelling import matched_words
from mealplanner.planner.model import Food

Term = tuple[str, ...]
"""Words as they are matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one name means."""

    name: str
    called: frozenset[str]
    items: frozenset[str]
    """`called`, and what only `composition` knows, in quotes."""
    may: frozenset[str] = frozenset()
    """Foods that may have a trait of the group, traces included."""
    group: Group | None = None
    differs: bool = False
    """Whether the name is not what was typed."""


def labels(food: Food) -> tuple[str, ...]:
    """Return all that `food` is called, without what it is free of: "tamari" for "Tamari, gluten-free"."""
    return tuple(map(_present, (food.name, *food.aliases)))


@cache
def _present(label: str) -> str:
    return _ABSENT.sub("", label)


_ABSENT: Final = re.compile(r"(?:,? and |, )?\b\w+-free\b|,? (?:free of|without) .*", re.IGNORECASE)
FREE_OF: Final = re.compile(r"\b(\w+)[- ]free\b", re.IGNORECASE)


class NameIndex:
    """The names of the foods and groups of one table, and how its foods are called in the composition of others."""

    def __init__(
        self, foods: Mapping[str, Food], groups: Iterable[Group], composition: Mapping[str, Composition]
    ) -> None:
        self._foods = foods
        self._exact: dict[Term, set[str]] = {}
        self._labels: list[tuple[str, Term]] = []
        self._bearing: dict[str, set[int]] = {}
        self._shown: dict[Term, str] = {}
        self._outer: set[str] = set()
        """First and last words of names, but for those that mean no food alone."""
        self._runs: dict[str, Term] = {}
        self._index_names()
        self._quoted = {
            matched_words(item): item
            for parts in composition.values()
            for item in parts.certainly + parts.maybe
            if item.startswith('"')
        }
        self._groups: dict[Term, Found] = {}
        self.families: list[Found] = []
        """What the groups mean that are families of foods."""
        for group in groups:
            self._index_group(group)
        for term in (*self._groups, *self._quoted):
            self._index_runs(term)
        known = {word for term in (*self._exact, *self._groups, *self._quoted) for word in term}
        self._known = known | FILLER | ADJECTIVES
        self._spellings = sorted(word for word in self._known | set(self._runs) if len(word) >= 4)
        self._nearby = sorted({" ".join(term) for term in self._shown})

    def is_name(self, term: Term) -> bool:
        """Whether `term` as a whole is the name of a food or a group."""
        return term in self._exact or term in self._groups

    def exactly(self, term: Term) -> set[str]:
        """Return the foods that have `term` as a whole for a name."""
        return self._exact.get(term, set())

    def group(self, term: Term) -> Found | None:
        """Return what the group that is called `term` means."""
        return self._groups.get(term)

    def shown(self, name: str) -> str:
        """Return `name`, which was found, as the table writes it."""
        return self._shown.get(matched_words(name), name)

    def meant(self, content: Term) -> tuple[Found, ...]:
        """Return what the words mean: as they stand, joined or parted, or as several names in a row; with their
        adjectives, then without."""
        without = tuple(word for word in content if word not in ADJECTIVES)
        for term in dict.fromkeys((content, without)):
            for way in ((term,), (self._rejoined(term),), self._in_a_row(term)):
                found = [self.find(part) for part in way]
                if found and all(found):
                    differs = term != content or way != (term,)
                    return tuple(differing(one) if differs else one for one in _without_category(found, way) if one)
        return ()

    def find(self, term: Term) -> Found | None:
        """Return what `term` means as one name."""
        if not term:
            return None
        if found := self._groups.get(term):
            return replace(found, name=self._shown.get(term, found.name))
        called = set() if NOT_NAMES.issuperset(term) and term not in self._exact else self.bearers(term)
        quoted = self._quoted.get(term)
        if not called and quoted is None:
            return None
        items = frozenset(called) | ({quoted} if quoted else set())
        return Found(name=" ".join(term), called=frozenset(called), items=items)

    def bearers(self, term: Term) -> set[str]:
        """Return the foods one of whose names bears all words of `term`, or that are called by both halves of it: feta
        is called "feta" and "cheese"."""
        bearing = [self._bearing.get(word, set()) for word in term]
        if not all(bearing):
            return set()
        found = {self._labels[number][0] for number in set[int].intersection(*bearing)}
        for cut in range(1, len(term)):
            found |= self._exact.get(term[:cut], set()) & self._exact.get(term[cut:], set())
        return found

    def alike(self, content: Iterable[str]) -> Iterator[str]:
        """Yield the names that are most like one of the words, or all of them, the best first."""
        words = [word for word in content if word not in NOT_NAMES]
        queries = dict.fromkeys((" ".join(words), *words)) if words else ()
        hits = [
            (score, name)
            for query in queries
            for name, score, _ in process.extract(query, self._nearby, scorer=fuzz.ratio, limit=5, score_cutoff=66)
        ]
        yield from dict.fromkeys(self._shown[tuple(name.split())] for _, name in sorted(hits, reverse=True))

    def corrected(self, content: Term) -> Iterator[Term]:
        """Yield `content` with its misspelt words put right; several where one of them may be several words."""
        options = [self._near(word) for word in content]
        if all(options) and any(len(near) > 1 or near[0] != word for near, word in zip(options, content, strict=True)):
            plain = [near[0] for near in options]
            for place, near in enumerate(options):
                for word in near if len(near) > 1 else ():
                    yield content_words((*plain[:place], word, *plain[place + 1 :]))
            if all(len(near) == 1 for near in options):
                yield content_words(tuple(plain))

    def _index_names(self) -> None:
        for food in self._foods.values():
            for label in (food.name, *food.aliases):
                short = label.split(",")[0]
                for term in {matched_words(label), matched_words(short)}:
                    self._exact.setdefault(term, set()).add(food.id)
                self._shown.setdefault(matched_words(short), short)
                bare = matched_words(_present(label))
                for word in {*bare, *matched_words(FREE_OF.sub(r"\1free", label))}:
                    self._bearing.setdefault(word, set()).add(len(self._labels))
                self._labels.append((food.id, bare))
                self._outer |= {*bare[:1], *bare[-1:]} - NOT_NAMES
                self._index_runs(bare)

    def _index_runs(self, term: Term) -> None:
        for start in range(len(term)):
            for end in range(start + 1, min(start + 3, len(term)) + 1):
                self._runs.setdefault("".join(term[start:end]), term[start:end])

    def _index_group(self, group: Group) -> None:
        foods = self._foods.values()
        members = {food.id for food in foods if food.contains & group.traits or food.aisle in group.aisles}
        members |= group.foods & self._foods.keys()
        for phrase in group.called:
            members |= self.bearers(matched_words(phrase))
        members -= group.without
        called = frozenset(members)
        hidden = (food.id for food in foods if (food.may_contain | food.traces) & group.traits)
        may = frozenset(hidden) - called - group.without
        found = Found(name=group.name, called=called, items=called, may=may, group=group)
        for phrase in group.phrases:
            spoken = matched_words(phrase)
            self._groups.setdefault(spoken, found)
            if not {"and", "or", "no"} & set(spoken) and (content := content_words(spoken)):
                self._groups.setdefault(content, found)
            self._shown.setdefault(spoken, phrase)
        if group.kin:
            self.families.append(found)

    def _rejoined(self, term: Term) -> Term:
        """Return `term` with "egg plant" in one word, and "springonion" in two."""
        joined: list[str] = []
        for word in term:
            pair = joined[-1] + word if joined else ""
            if pair in self._runs and len(self._runs[pair]) == 1:
                joined[-1] = pair
            elif word not in self._bearing and word in self._runs:
                joined += self._runs[word]
            else:
                joined.append(word)
        return tuple(joined)

    def _in_a_row(self, term: Term) -> tuple[Term, ...]:
        """Return `term` cut into whole names, the longest first; empty where some words are none."""
        cut, rest = list[Term](), term
        while rest:
            for end in range(min(len(rest), 4), 0, -1):
                if rest[:end] in self._groups or rest[:end] in self._exact or (end == 1 and rest[0] in self._outer):
                    break
            else:
                return ()
            cut.append(rest[:end])
            rest = rest[end:]
        return tuple(cut)

    def _near(self, word: str) -> list[str]:
        """Return the known words that `word` may be a misspelling of: itself when it is known, none when nothing is
        near."""
        if word in self._known or word in self._runs:
            return [word]
        most = 0 if len(word) < 5 or word in UNLISTED or not word.isalpha() else 1 if len(word) < 8 else 2
        if not most or len(word) > 30:
            return []
        hits = process.extract(word, self._spellings, scorer=OSA.distance, score_cutoff=most, limit=None)
        near = [(distance, known) for known, distance, _ in hits if distance < 2 or known[0] == word[0]]
        return [known for distance, known in near if distance == min(near)[0]]


def _without_category(found: list[Found | None], way: tuple[Term, ...]) -> list[Found | None]:
    """Return `found`, less the "fish" of "tuna fish": a word for what the other one is anyway."""
    if len(found) == 2 and way[1][-1] in CATEGORIES and found[0] and found[1] and found[0].called < found[1].called:
        return found[:1]
    return found


def content_words(spoken: Term) -> Term:
    """Return the words without filler."""
    return tuple(word for word in spoken if word not in FILLER)


def differing(found: Found) -> Found:
    """Return `found`, noted to be called otherwise than it was typed."""
    return replace(found, differs=True)

"""The names of the foods and groups of one table, indexed: a look-up costs no more for a larger table.

Only misspellings and the nearest names are looked for among all words, by rapidfuzz, for words that are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from mealplanner.food.composition import Composition, Uses
from mealplanner.food.groups import Group
from mealplanner.food.plain_words import ADJECTIVES, CATEGORIES, FILLER, NOT_NAMES, UNLISTED
from mealplanner.food.spelling import is_readable, matched_words
from mealplanner.planner.model import Food

Term = tuple[str, ...]
"""Words as they are matched."""

_MOST_MEANINGS: Final = 3
"""The most foods that a misspelling may be near to and still be taken for all of them."""
_MOST_NEAREST: Final = 5


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
_FREE: Final = re.compile(r"\b(\w+)[- ]free\b", re.IGNORECASE)


class FoodIndex:
    """All that can be looked up of one table of foods."""

    def __init__(
        self, foods: Mapping[str, Food], groups: Iterable[Group], composition: Mapping[str, Composition]
    ) -> None:
        self._foods = foods
        self._order = {food_id: number for number, food_id in enumerate(foods)}
        self._uses = Uses(composition)
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
        self._kin: list[Found] = []
        for group in groups:
            self._index_group(group)
        for term in (*self._groups, *self._quoted):
            self._index_runs(term)
        known = {word for term in (*self._exact, *self._groups, *self._quoted) for word in term}
        self._known = known | FILLER | ADJECTIVES
        self._spellings = sorted(word for word in self._known | set(self._runs) if len(word) >= 4)
        self._nearby = sorted({" ".join(term) for term in self._shown})

    # Making ---------------------------------------------------------------------------------------------------------

    def _index_names(self) -> None:
        for food in self._foods.values():
            for label in (food.name, *food.aliases):
                short = label.split(",")[0]
                for term in {matched_words(label), matched_words(short)}:
                    self._exact.setdefault(term, set()).add(food.id)
                self._shown.setdefault(matched_words(short), short)
                bare = matched_words(_present(label))
                for word in {*bare, *matched_words(_FREE.sub(r"\1free", label))}:
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
            members |= self._bearers(matched_words(phrase))
        members -= group.without
        called = frozenset(members)
        hidden = (food.id for food in foods if (food.may_contain | food.traces) & group.traits)
        may = frozenset(hidden) - called - group.without
        found = Found(name=group.name, called=called, items=called, may=may, group=group)
        for phrase in group.phrases:
            spoken = matched_words(phrase)
            self._groups.setdefault(spoken, found)
            if not {"and", "or", "no"} & set(spoken) and (content := _content(spoken)):
                self._groups.setdefault(content, found)
            self._shown.setdefault(spoken, phrase)
        if group.kin:
            self._kin.append(found)

    # Asking ---------------------------------------------------------------------------------------------------------

    def is_name(self, text: str) -> bool:
        """Whether `text` as a whole is the name of a food or a group, "half and half" too."""
        spoken = matched_words(text)
        return (spoken in self._exact or spoken in self._groups) and is_readable(text)

    def bears(self, text: str) -> bool:
        """Whether one food is called by all words of `text`, filler too: "extra firm tofu", "low-fat milk"."""
        return bool(self._bearers(matched_words(text)))

    def says_something(self, text: str) -> bool:
        """Whether there is more in `text` than filler: what is left may be a food."""
        return not is_readable(text) or bool(_content(matched_words(text))) or self.is_name(text)

    def understand(self, text: str) -> tuple[tuple[Found, ...], ...]:
        """Return what `text`, one thing, names: mostly one name, several where names follow each other without a comma,
        none when it was not understood. Each is one meaning, or several that a misspelling is equally near to."""
        spoken = matched_words(text)
        if not is_readable(text):
            return ()
        if self.is_name(text) and (found := self._find(spoken)):
            return ((found,),)
        content = _content(spoken)
        promised = _content(matched_words(_FREE.sub(r"\1free", text)))
        if promised != content and len(promised) > 1 and (found := self._find(promised)):
            return ((found,),)
        if meant := self._meant(content):
            return tuple((one,) for one in meant)
        spelled = [meant for term in self._corrected(content) if (meant := self._meant(term))]
        if len(spelled) == 1:
            return tuple((_differing(one),) for one in spelled[0])
        either = {one.called: _differing(one) for meant in spelled for one in meant}
        return (tuple(either.values()),) if 0 < len(either) <= _MOST_MEANINGS else ()

    def holders(self, found: Iterable[Found]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the foods that certainly hold what was found, and those that only may."""
        asked = tuple(found)
        certainly, maybe = self._uses.holders(item for one in asked for item in one.items)
        maybe = maybe.union(*(one.may for one in asked)) - certainly
        return certainly & self._foods.keys(), maybe & self._foods.keys()

    def mixtures(self, some: Iterable[str], others: Iterable[str]) -> frozenset[str]:
        """Return the foods that hold one of `some` and hold, or may hold, one of `others`, as mixed vegetables do."""
        certainly, maybe = self._uses.holders(others)
        return self._uses.holders(some)[0] & (certainly | maybe)

    def relatives(self, found: tuple[Found, ...]) -> tuple[frozenset[str], str]:
        """Return the foods of the smallest family that what was found belongs to as a whole, and the family's name."""
        called = frozenset[str]().union(*(one.called for one in found))
        families = [family for family in self._kin if called and called < family.called]
        if not families:
            return frozenset(), ""
        family = min(families, key=lambda one: len(one.called))
        return family.called - called, family.name

    def exactly(self, found: Iterable[Found]) -> frozenset[str]:
        """Return the foods whose whole name was given, else all that were found: an exception keeps no more."""
        return frozenset(
            food_id
            for one in found
            for food_id in (one.called & self._exact.get(matched_words(one.name), set()) or one.called)
        )

    def named(self, word: str) -> frozenset[str]:
        """Return every food that bears `word` in one of its names, or belongs to the group of that name."""
        term = matched_words(word)
        group = self._groups.get(term)
        return frozenset(self._bearers(term)) | (group.called if group else frozenset())

    def ordered(self, food_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids in the order of the table."""
        return tuple(sorted(food_ids, key=self._order.__getitem__))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the names that `text` may mean: what it names, or else what is most like it, the best first."""
        if named := self.understand(text):
            return tuple(self._shown.get(matched_words(one.name), one.name) for found in named for one in found)
        content = [word for word in _content(matched_words(text)) if word not in NOT_NAMES]
        queries = dict.fromkeys((" ".join(content), *content)) if content else ()
        hits = [
            (score, name)
            for query in queries
            for name, score, _ in process.extract(query, self._nearby, scorer=fuzz.ratio, limit=5, score_cutoff=66)
        ]
        names = dict.fromkeys(self._shown[tuple(name.split())] for _, name in sorted(hits, reverse=True))
        return tuple(names)[:_MOST_NEAREST]

    # Looking up -----------------------------------------------------------------------------------------------------

    def _meant(self, content: Term) -> tuple[Found, ...]:
        """What the words mean: as they stand, then joined or parted, as several names in a row, without adjectives."""
        without = tuple(word for word in content if word not in ADJECTIVES)
        for term in dict.fromkeys((content, without)):
            for way in ((term,), (self._rejoined(term),), self._in_a_row(term)):
                found = [self._find(part) for part in way]
                if found and all(found):
                    differs = term != content or way != (term,)
                    return tuple(_differing(one) if differs else one for one in _without_category(found, way) if one)
        return ()

    def _find(self, term: Term) -> Found | None:
        if not term:
            return None
        if found := self._groups.get(term):
            return replace(found, name=self._shown.get(term, found.name))
        called = set() if NOT_NAMES.issuperset(term) and term not in self._exact else self._bearers(term)
        quoted = self._quoted.get(term)
        if not called and quoted is None:
            return None
        items = frozenset(called) | ({quoted} if quoted else set())
        return Found(name=" ".join(term), called=frozenset(called), items=items)

    def _bearers(self, term: Term) -> set[str]:
        """The foods one of whose names bears all words of `term`, or that are called by both halves of it, as feta is
        called "feta" and "cheese"."""
        bearing = [self._bearing.get(word, set()) for word in term]
        if not all(bearing):
            return set()
        found = {self._labels[number][0] for number in set[int].intersection(*bearing)}
        for cut in range(1, len(term)):
            found |= self._exact.get(term[:cut], set()) & self._exact.get(term[cut:], set())
        return found

    def _rejoined(self, term: Term) -> Term:
        """`term` with "egg plant" in one word, and "springonion" in two."""
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
        """`term` cut into whole names, the longest first; empty where some words are none."""
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

    def _corrected(self, content: Term) -> Iterator[Term]:
        """`content` with its misspelt words put right; several where one of them may be several words."""
        options = [self._near(word) for word in content]
        if all(options) and any(len(near) > 1 or near[0] != word for near, word in zip(options, content, strict=True)):
            plain = [near[0] for near in options]
            for place, near in enumerate(options):
                for word in near if len(near) > 1 else ():
                    yield _content((*plain[:place], word, *plain[place + 1 :]))
            if all(len(near) == 1 for near in options):
                yield _content(tuple(plain))

    def _near(self, word: str) -> list[str]:
        """The known words that `word` may be a misspelling of: itself when it is known, none when nothing is near."""
        if word in self._known or word in self._runs:
            return [word]
        most = 0 if len(word) < 5 or word in UNLISTED or not word.isalpha() else 1 if len(word) < 8 else 2
        if not most or len(word) > 30:
            return []
        hits = process.extract(word, self._spellings, scorer=OSA.distance, score_cutoff=most, limit=None)
        near = [(distance, known) for known, distance, _ in hits if distance < 2 or known[0] == word[0]]
        return [known for distance, known in near if distance == min(near)[0]]


def _without_category(found: list[Found | None], way: tuple[Term, ...]) -> list[Found | None]:
    """`found`, less the "fish" of "tuna fish": a word for what the other one is anyway."""
    if len(found) == 2 and way[1][-1] in CATEGORIES and found[0] and found[1] and found[0].called < found[1].called:
        return found[:1]
    return found


def _content(spoken: Term) -> Term:
    return tuple(word for word in spoken if word not in FILLER)


def _differing(found: Found) -> Found:
    return replace(found, differs=True)

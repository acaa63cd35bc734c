"""From what people type to foods of the table, without silently skipping what was not understood.

An entry is cut into things (`food.phrases`). Each is looked up among the names of foods and groups, first as it stands,
then without adjectives, then with its words joined or parted, then with a misspelling put right, and what it was taken
for is said. A thing leaves out the foods called so and those that certainly hold one of them; what only may hold one,
and close relatives, are named to be asked about. It errs on the side of leaving out too much.

Everything is indexed once for a table of foods, so reading costs in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from mealplanner.food.composition import load_composition
from mealplanner.food.food_index import FoodIndex
from mealplanner.food.groups import load_groups
from mealplanner.food.name_index import Found
from mealplanner.food.phrases import LONGEST_DISLIKE, MOST_DISLIKES, Mood, Thing, things
from mealplanner.food.plain_words import ADJECTIVES, FILLER, MAYBE, NONE, PREPARED, UNCLEAR
from mealplanner.food.spelling import matched_words, words
from mealplanner.planner.model import Food
from mealplanner.planner.restrictions import DIETS

_WAYS_OF_EATING: Final = frozenset({*DIETS, "vegan", "fodmap", "carb", "mediterranean", "carnivore", "whole30"})
"""Words for a diet: no food is called so, and the preferences have a field for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a person typed, and what is left out for it. Foods are ids in the order of the table."""

    text: str
    """As it was typed."""
    problem: str = ""
    """Why nothing is left out: `unknown`, `nothing`, `diet`, `liked`, `exception` or `unclear`; empty otherwise."""
    taken_for: tuple[str, ...] = ()
    """What it was read as, where that is not what was typed; several when a misspelling may be either."""
    called: tuple[str, ...] = ()
    """The foods of that name, or of that group."""
    holding: tuple[str, ...] = ()
    """Other foods that certainly hold one of them."""
    may_hold: tuple[str, ...] = ()
    """Foods that are left in and may hold one of them."""
    relatives: tuple[str, ...] = ()
    """Foods that are left in and closely related."""
    family: str = ""
    """The name of the group that the relatives belong to."""
    kept: tuple[str, ...] = ()
    """Foods that were excepted."""
    restriction: str = ""
    """The restriction that stands for the same, if there is one."""
    nearest: tuple[str, ...] = ()
    """Names that may have been meant, where it was not understood."""

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """The foods that are not served."""
        return self.called + self.holding

    @property
    def understood(self) -> bool:
        """Whether it leaves anything out."""
        return not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Dislikes:
    """All that a person typed, read."""

    entries: tuple[tuple[str, tuple[Part, ...]], ...]
    """Each entry, and its parts: at least one."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all entries, in order."""
        return tuple(part for _, parts in self.entries for part in parts)

    @property
    def foods(self) -> frozenset[str]:
        """The ids of all foods that are left out."""
        return frozenset(food_id for part in self.parts for food_id in part.leaves_out)

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The texts for which nothing is left out, as they were typed."""
        return tuple(dict.fromkeys(part.text for part in self.parts if not part.understood))

    @property
    def unknown_texts(self) -> tuple[str, ...]:
        """The entries of which nothing was understood, whole, and of the others the parts that were not."""
        return tuple(
            text
            for entry, parts in self.entries
            for text in (
                [part.text for part in parts if not part.understood]
                if any(part.understood for part in parts)
                else [entry]
            )
        )


def read_dislikes(texts: Iterable[str], foods: Mapping[str, Food]) -> Dislikes:
    """Read what a person typed, entry by entry. What is too much for the form is not understood, and not looked at."""
    index = food_index(foods)
    read, count = list[tuple[str, tuple[Part, ...]]](), 0
    for text in texts:
        legal = count < MOST_DISLIKES and len(text) <= LONGEST_DISLIKE
        parts = tuple(_read(text, index)) if legal else (Part(text=text, problem="unknown"),)
        count += len(parts)
        read.append((text, parts))
    return Dislikes(entries=tuple(read))


def terms(text: str) -> list[tuple[str, ...]]:
    """Return the words of each thing that `text` names, without those that say nothing: two for "no eggs or fish"."""
    named = (tuple(word for word in words(thing.text) if word not in FILLER) for thing in things(text, _no_name))
    return [term for term in named if term]


def food_index(foods: Mapping[str, Food]) -> FoodIndex:
    """Return the index of `foods`, which is made once for each table."""
    return _made(_Table(foods))


class _Table:
    """A table of foods that is equal to itself alone, so that its index can be looked up without comparing foods."""

    def __init__(self, foods: Mapping[str, Food]) -> None:
        self.foods = foods

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Table) and other.foods is self.foods

    def __hash__(self) -> int:
        return id(self.foods)


@lru_cache(maxsize=4)
def _made(table: _Table) -> FoodIndex:
    return FoodIndex(table.foods, load_groups(), load_composition())


def _no_name(_: str) -> bool:
    return False


def _read(entry: str, index: FoodIndex) -> list[Part]:
    """Return the parts of one entry, at least one."""
    read: list[Part] = []
    for thing in things(entry, index.is_name):
        named = index.understand(thing.text)
        if not index.says_something(thing.text):
            continue
        if thing.mood is Mood.EXCEPTED:
            _except(read, entry, thing, named, index)
        else:
            read += _parts(thing, named, index)
    problem = "nothing" if NONE.issuperset(matched_words(entry)) else "unknown"
    return read or [Part(text=entry.strip(), problem=problem, nearest=index.nearest(entry))]


def _parts(thing: Thing, named: tuple[tuple[Found, ...], ...], index: FoodIndex) -> list[Part]:
    mood = Mood.DISLIKED if thing.mood is Mood.UNCLEAR and index.bears(thing.text) else thing.mood
    if mood is Mood.DISLIKED and named:
        texts = [thing.text] if len(named) == 1 else [found[0].name for found in named]
        return [_part(text, thing, found, index) for text, found in zip(texts, named, strict=True)]
    problem = {Mood.LIKED: "liked", Mood.UNCLEAR: "unclear"}.get(mood, "unknown")
    if _WAYS_OF_EATING.issuperset(said := set(matched_words(thing.text)) - FILLER - UNCLEAR) and said:
        problem = "diet"
    return [Part(text=thing.text, problem=problem, nearest=index.nearest(thing.text))]


def _part(text: str, thing: Thing, found: tuple[Found, ...], index: FoodIndex) -> Part:
    called = frozenset[str]().union(*(one.called for one in found))
    holding, may_hold = index.holders(found)
    relatives, family = index.relatives(found)
    if MAYBE & set(matched_words(thing.text)) or not called | holding:
        holding, may_hold = holding | may_hold, frozenset()
    return Part(
        text=text,
        taken_for=tuple(one.name for one in found if one.differs),
        called=index.ordered(called),
        holding=index.ordered(holding - called),
        may_hold=index.ordered(may_hold - called - holding),
        relatives=index.ordered(relatives - called - holding - may_hold),
        family=family,
        restriction=next((one.group.restriction for one in found if one.group), ""),
    )


def _except(read: list[Part], entry: str, thing: Thing, named: tuple[tuple[Found, ...], ...], index: FoodIndex) -> None:
    """Keep what `thing` names of what the parts before it leave out. Where it names nothing of that, it is said not to
    be understood and everything stays left out; but one that "and" ties to an exception is a dislike of its own."""
    kept = index.exactly(one for found in named for one in found)
    heads = frozenset(food_id for part in read for food_id in part.leaves_out)
    if thing.joined and named and not kept <= heads:
        read += _parts(replace(thing, mood=Mood.DISLIKED), named, index)
    elif not kept & heads or heads <= kept or _is_narrower(thing.text, named):
        text = thing.text if heads else entry
        read.append(Part(text=text, problem="exception", nearest=index.nearest(thing.text)))
    else:
        kept -= index.mixtures(kept, heads - kept)
        read[:] = [_without(part, kept, index) for part in read]


def _is_narrower(text: str, named: tuple[tuple[Found, ...], ...]) -> bool:
    """Whether `text` excepts less than the foods it names: "boiled eggs" of eggs, "milk in tea" of milk."""
    spoken = set(matched_words(text))
    names = {word for found in named for one in found for word in matched_words(one.name)}
    return bool(spoken & (ADJECTIVES | PREPARED) - names) or (len(named) > 1 and bool(spoken & {"in", "on", "with"}))


def _without(part: Part, kept: frozenset[str], index: FoodIndex) -> Part:
    excepted = kept & frozenset(part.leaves_out)
    if not excepted:
        return part
    left = replace(
        part,
        called=tuple(food_id for food_id in part.called if food_id not in kept),
        holding=tuple(food_id for food_id in part.holding if food_id not in kept),
        kept=index.ordered(excepted | frozenset(part.kept)),
    )
    return left if left.leaves_out else replace(left, problem="exception", nearest=index.nearest(part.text))

"""What can be asked of one table of foods: what a text names, and which foods hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from mealplanner.food.composition import Composition, Uses
from mealplanner.food.groups import Group
from mealplanner.food.name_index import FREE_OF, Found, NameIndex, content_words, differing
from mealplanner.food.spelling import is_readable, matched_words
from mealplanner.planner.model import Food

_MOST_MEANINGS: Final = 3
"""The most foods that a misspelling may be near to and still be taken for all of them."""
_MOST_NEAREST: Final = 5


class FoodIndex:
    """All that can be looked up of one table of foods."""

    def __init__(
        self, foods: Mapping[str, Food], groups: Iterable[Group], composition: Mapping[str, Composition]
    ) -> None:
        self._foods = foods
        self._order = {food_id: number for number, food_id in enumerate(foods)}
        self._uses = Uses(composition)
        self._names = NameIndex(foods, groups, composition)

    def is_name(self, text: str) -> bool:
        """Whether `text` as a whole is the name of a food or a group, "half and half" too."""
        spoken = matched_words(text)
        return self._names.is_name(spoken) and is_readable(text)

    def bears(self, text: str) -> bool:
        """Whether one food is called by all words of `text`, filler too: "extra firm tofu", "low-fat milk"."""
        return bool(self._names.bearers(matched_words(text)))

    def says_something(self, text: str) -> bool:
        """Whether there is more in `text` than filler: what is left may be a food."""
        return not is_readable(text) or bool(content_words(matched_words(text))) or self.is_name(text)

    def understand(self, text: str) -> tuple[tuple[Found, ...], ...]:
        """Return what `text`, one thing, names: mostly one name, several where names follow each other without a comma,
        none when it was not understood. Each is one meaning, or several that a misspelling is equally near to."""
        spoken = matched_words(text)
        if not is_readable(text):
            return ()
        if self.is_name(text) and (found := self._names.find(spoken)):
            return ((found,),)
        content = content_words(spoken)
        promised = content_words(matched_words(FREE_OF.sub(r"\1free", text)))
        if promised != content and len(promised) > 1 and (found := self._names.find(promised)):
            return ((found,),)
        if meant := self._names.meant(content):
            return tuple((one,) for one in meant)
        spelled = [meant for term in self._names.corrected(content) if (meant := self._names.meant(term))]
        if len(spelled) == 1:
            return tuple((differing(one),) for one in spelled[0])
        either = {one.called: differing(one) for meant in spelled for one in meant}
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
        families = [family for family in self._names.families if called and called < family.called]
        if not families:
            return frozenset(), ""
        family = min(families, key=lambda one: len(one.called))
        return family.called - called, family.name

    def exactly(self, found: Iterable[Found]) -> frozenset[str]:
        """Return the foods whose whole name was given, else all that were found: an exception keeps no more."""
        return frozenset(
            food_id
            for one in found
            for food_id in (one.called & self._names.exactly(matched_words(one.name)) or one.called)
        )

    def named(self, word: str) -> frozenset[str]:
        """Return every food that bears `word` in one of its names, or belongs to the group of that name."""
        term = matched_words(word)
        group = self._names.group(term)
        return frozenset(self._names.bearers(term)) | (group.called if group else frozenset())

    def ordered(self, food_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids in the order of the table."""
        return tuple(sorted(food_ids, key=self._order.__getitem__))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the names that `text` may mean: what it names, or else what is most like it, the best first."""
        if named := self.understand(text):
            return tuple(self._names.shown(one.name) for found in named for one in found)
        return tuple(islice(self._names.alike(content_words(matched_words(text))), _MOST_NEAREST))

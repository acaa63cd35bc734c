"""Each way of eating is asked for once, however it is stored."""

from __future__ import annotations

import itertools

import pytest

from mealplanner.planner.restrictions import DIETS, MINDS_TRACES, RESTRICTIONS, forbidden_traits
from mealplanner.preferences.ways import BASES, KEPT, NEVER, RULES, asked, never_choices


def test_no_word_stands_in_two_lists() -> None:
    words = [words for words, _ in (*BASES.values(), *KEPT.values(), *NEVER.values())]
    assert len({word.lower() for word in words}) == len(words)
    assert not {*BASES} & {*KEPT}
    assert not {*BASES, *KEPT} & {*NEVER}


def test_each_base_forbids_what_the_one_before_does() -> None:
    assert all(forbidden_traits(wide) < forbidden_traits(strict) for wide, strict in itertools.pairwise(BASES))


@pytest.mark.parametrize("diet", DIETS)
def test_a_diet_is_shown_as_what_forbids_the_same(diet: str) -> None:
    base, rules = asked(diet, [])
    shown = {base, *rules}
    assert frozenset().union(*map(forbidden_traits, shown)) == forbidden_traits(diet)
    assert bool(shown & MINDS_TRACES) == (diet in MINDS_TRACES)
    assert ("keto" in shown, "kosher" in shown) == (diet == "keto", diet == "kosher")


def test_several_ways_of_eating_are_shown_together() -> None:
    assert asked("keto", ["vegan", "gluten", "halal"]) == ("vegan", ["keto", "gluten", "halal"])
    assert asked("vegetarian", ["vegan"]) == ("vegan", [])


@pytest.mark.parametrize("rule", RULES)
def test_whatever_is_stored_can_be_seen(rule: str) -> None:
    base, rules = asked("omnivore", [rule])
    listed = {value for value, _, _ in never_choices(rules)} | KEPT.keys()
    assert base != "omnivore" or rule == "omnivore" or set(rules) <= listed
    assert RULES.keys() == DIETS.keys() | RESTRICTIONS.keys()

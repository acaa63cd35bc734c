"""The habits that the page asks for are those that the planner knows."""

from __future__ import annotations

from dataclasses import fields

from mealplanner.planner.habits import LEVELS, Habits
from mealplanner.planner.limits import REPEATED_TIMES
from mealplanner.preferences.habits import ASKED
from mealplanner.preferences.values import HABITS


def test_each_habit_is_asked_for_with_all_its_levels() -> None:
    assert tuple(ASKED) == HABITS
    assert len(HABITS) == len(fields(Habits))
    assert {len(levels) for _, _, levels in ASKED.values()} == {len(LEVELS)}


def test_the_page_says_how_often_the_planner_lets_a_breakfast_come() -> None:
    said = [words.split()[2].strip(",") for words in ASKED["same_meals"][2]]
    assert said == ["twice" if times == 2 else str(times) for times in REPEATED_TIMES]

"""A menu against its targets, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mealplanner.menu.status_line import status_line
from mealplanner.menu.values import DayValue
from tests.menu.values import TARGET, day_of, week_of

GOOD = day_of()
LITTLE_PROTEIN = day_of(totals=replace(TARGET, protein_g=110.0))
LESS_PROTEIN = day_of(totals=replace(TARGET, protein_g=90.0))
MUCH_FAT = day_of(totals=replace(TARGET, fat_g=80.0))
TWO = day_of(totals=replace(TARGET, protein_g=110.0, fat_g=80.0))
HUNGRY = day_of(totals=replace(TARGET, kcal=1700.0))
LONG = day_of(minutes=100)


@pytest.mark.parametrize(
    ("days", "line"),
    [
        ([GOOD], "On target."),
        ([GOOD] * 3, "On target every day."),
        ([GOOD] * 7, "On target all week."),
        ([GOOD] * 28, "On target every day."),
        ([LITTLE_PROTEIN], "The day is 15 g short of protein."),
        ([*[GOOD] * 3, LITTLE_PROTEIN, *[GOOD] * 3], "Thursday is 15 g short of protein."),
        ([*[GOOD] * 24, LITTLE_PROTEIN, *[GOOD] * 3], "Thu 17 Dec is 15 g short of protein."),
        ([GOOD, HUNGRY, GOOD], "Tuesday is 300 kcal short."),
        ([GOOD, TWO, GOOD], "Tuesday is 13 g over on fat and 15 g short of protein."),
        ([GOOD, LITTLE_PROTEIN, LESS_PROTEIN], "Two days are short on protein (90-110 of 125 g)."),
        ([LITTLE_PROTEIN] * 7, "Every day is short on protein (110 of 125 g)."),
        ([MUCH_FAT] * 12 + [GOOD], "12 days are high in fat (80 of 67 g)."),
        ([GOOD, LESS_PROTEIN, MUCH_FAT], "Two days are off target. Tuesday is furthest: 35 g short of protein."),
        ([GOOD, GOOD, LONG], "On target every day. Wednesday is a long one: 1 h 40 min in the kitchen."),
        ([LONG] * 7, "On target all week."),
        ([LONG, GOOD], "On target every day."),
    ],
)  # fmt: skip
def test_it_says_what_is_off_and_by_how_much(days: list[DayValue], line: str) -> None:
    assert status_line(week_of(*days), TARGET).replace("\N{NO-BREAK SPACE}", " ").replace("\N{EN DASH}", "-") == line


def test_a_target_of_nothing_can_be_missed() -> None:
    assert status_line([GOOD], replace(TARGET, fat_g=0.0)) == "The day is 67\N{NO-BREAK SPACE}g over on fat."

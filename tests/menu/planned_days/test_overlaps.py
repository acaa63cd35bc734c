"""What is offered where a menu is asked for on days that are planned already."""

from __future__ import annotations

import datetime

import pytest

from mealplanner.errors import Invalid
from mealplanner.menu.planned_days.overlaps import AFTER, GAPS, REPLACE, days_from, listed_days, require_possible, ways

MONDAY = datetime.date(2026, 11, 23)


def dates(*numbers: int) -> list[datetime.date]:
    return [MONDAY + datetime.timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("planned", "gaps", "after"),
    [
        ([0, 1], [2, 3, 4, 5, 6], 2),
        ([2, 4], [0, 1, 3, 5, 6], 5),
        ([0, 1, 2, 3, 4, 5, 6], None, 7),
        ([6, 9], [0, 1, 2, 3, 4, 5], 10),
        ([3, 12, 13, 25], [0, 1, 2, 4, 5, 6], 4),
    ],
)
def test_days_can_be_replaced_filled_or_left_for_later(planned: list[int], gaps: list[int] | None, after: int) -> None:
    """Later is the first time that a whole menu finds room, wherever that is."""
    offered = {way.overlap: way for way in ways(MONDAY, 7, planned=set(dates(*planned)), today=MONDAY)}
    assert list(offered[REPLACE].dates) == days_from(MONDAY, 7)
    assert (list(offered[GAPS].dates) if GAPS in offered else None) == (dates(*gaps) if gaps else None)
    assert list(offered[AFTER].dates) == days_from(*dates(after), 7)
    assert not set(offered[AFTER].dates) & set(dates(*planned))


@pytest.mark.parametrize(("today", "replaceable"), [(0, True), (1, True), (2, False)])
def test_days_gone_by_are_not_replaced(today: int, replaceable: bool) -> None:
    offered = [way.overlap for way in ways(MONDAY, 3, planned=set(dates(1)), today=dates(today)[0])]
    assert offered == ([REPLACE] if replaceable else []) + [GAPS, AFTER]


@pytest.mark.parametrize(
    ("overlap", "planned", "why"),
    [(REPLACE, [0], "Days gone by stay as they are"), (GAPS, [0, 1, 2], "All of these days are planned already")],
)
def test_what_cannot_be_done_is_refused_with_what_can(overlap: str, planned: list[int], why: str) -> None:
    offered = ways(MONDAY, 3, planned=set(dates(*planned)), today=dates(1)[0])
    with pytest.raises(Invalid) as refused:
        require_possible(overlap, offered)
    (sentence,) = refused.value.errors["overlap"]
    assert why in sentence
    assert "Begin after them: plan" in sentence


def test_days_are_listed_in_runs() -> None:
    assert listed_days(dates(0)) == "Monday 23 November"
    assert listed_days(dates(0, 1, 2)) == "23\N{EN DASH}25 November 2026"
    assert (
        listed_days(dates(0, 2, 4, 5)) == "Monday 23 November, Wednesday 25 November and 27\N{EN DASH}28 November 2026"
    )

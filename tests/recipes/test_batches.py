"""Dishes for several, cooked once for several meals."""

from __future__ import annotations

import datetime

import pytest

from mealplanner.recipes.batches import cooked

MONDAY = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("makes", "keeps_days", "wanted", "expected"),
    [
        (1, 0, {0: 1.25, 1: 0.5}, [1.25, 0.5]),
        (8, 3, {0: 2}, [8]),
        (8, 3, {0: 2, 2: 2, 3: 1}, [8, 0, 0]),
        (8, 3, {0: 2, 4: 2}, [8, 8]),
        (2, 3, {0: 1.5, 1: 1.5}, [3, 0]),
        (2, 3, {0: 3}, [3]),
        (2, 0, {0: 2, 1: 2.5}, [2, 2.5]),
        (4, 2, {0: 1, 2: 1, 3: 1, 5: 4}, [4, 0, 5, 0]),
    ],
)
def test_a_batch_lasts_for_the_meals_within_its_days(
    makes: int, keeps_days: int, wanted: dict[int, float], expected: list[float]
) -> None:
    meals = [(MONDAY + datetime.timedelta(days=day), servings) for day, servings in wanted.items()]
    assert cooked(meals, makes=makes, keeps_days=keeps_days) == expected


def test_two_meals_of_a_day_share_what_does_not_keep() -> None:
    assert cooked([(MONDAY, 1.0), (MONDAY, 1.0)], makes=2, keeps_days=0) == [2, 0]

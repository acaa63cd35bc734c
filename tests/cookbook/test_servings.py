"""Stepping through servings."""

from __future__ import annotations

import pytest

from mealplanner.cookbook.servings import LEAST, MOST, fewer, made_for, more


@pytest.mark.parametrize(
    ("servings", "down", "up"),
    [
        (1, 0.75, 1.25),
        (2, 1.75, 2.5),
        (3, 2.5, 3.5),
        (4, 3.5, 5),
        (5, 4, 6),
        (2.2, 2, 2.5),
        (LEAST, None, 0.5),
        (MOST, 47, None),
    ],
)
def test_servings_go_by_quarters_halves_and_whole_numbers(
    servings: float, down: float | None, up: float | None
) -> None:
    """From any number, within what a recipe can be shown for."""
    assert (fewer(servings), more(servings)) == (down, up)


@pytest.mark.parametrize(
    ("makes", "keeps_days", "needed", "said"),
    [
        (1, 0, 1.0, ""),
        (2, 3, 2.0, ""),
        (2, 3, 5.0, ""),
        (8, 3, 2.5, "Makes at least 8 servings. You need 2½. What is left keeps for 3 days."),
        (8, 1, None, "Makes at least 8 servings. What is left keeps for 1 day."),
        (2, 0, 1.25, "Makes at least 2 servings. You need 1¼. What is left does not keep."),
        (1, 0, 0.75, "Makes at least 1 serving. You need ¾. What is left does not keep."),
    ],
)
def test_a_dish_for_more_than_are_needed_says_what_becomes_of_the_rest(
    makes: int, keeps_days: int, needed: float | None, said: str
) -> None:
    assert made_for(makes, keeps_days, needed) == said

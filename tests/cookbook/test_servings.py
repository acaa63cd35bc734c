"""Stepping through servings."""

from __future__ import annotations

import pytest

from mealplanner.cookbook.servings import LEAST, MOST, fewer, more


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

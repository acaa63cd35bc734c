"""The numbers of servings that the buttons of a recipe step through. Pure."""

from __future__ import annotations

from typing import Final

LEAST: Final = 0.25
MOST: Final = 48.0

_LADDER: Final = (
    *(quarters / 4 for quarters in range(1, 8)),
    *(halves / 2 for halves in range(4, 8)),
    *(float(whole) for whole in range(4, 49)),
)
"""Quarters up to two servings, halves up to four, then whole ones."""


def fewer(servings: float) -> float | None:
    """Return the next smaller number of servings; None below the least."""
    return max((step for step in _LADDER if step < servings), default=None)


def more(servings: float) -> float | None:
    """Return the next larger number of servings; None above the most."""
    return min((step for step in _LADDER if step > servings), default=None)

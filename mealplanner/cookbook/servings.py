"""The numbers of servings that a recipe is shown for. Pure."""

from __future__ import annotations

from typing import Final

from mealplanner.presentation.formatting import portion

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


def made_for(makes: int, keeps_days: int, needed: float | None) -> str:
    """Return that a dish makes more than is `needed` (None: that is not known), and what becomes of the rest.

    Empty where it can be made for as many as are needed.
    """
    if makes <= (needed or 1):
        return ""
    needs = f" You need {portion(needed)}." if needed is not None else ""
    keeps = f"keeps for {keeps_days} day{'s' if keeps_days > 1 else ''}" if keeps_days else "does not keep"
    return f"Makes at least {makes} serving{'s' if makes > 1 else ''}.{needs} What is left {keeps}."

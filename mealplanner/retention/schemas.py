"""The form for how long menus are kept."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, post_load

from mealplanner.fields import Choice

CHOICES: Final = {"0": "Keep them all", "36": "For three years", "24": "For two years", "12": "For a year"}
"""Months -> what the page says."""


class KeepSchema(Schema):
    """For how many months after their last day menus are kept; 0 keeps them all."""

    class Meta:
        unknown = EXCLUDE

    months = Choice(CHOICES, f"Choose one of {', '.join(CHOICES)} months; 0 keeps all menus.", required=True)

    @post_load
    def number(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the months as a number, None for all."""
        return {"months": int(data["months"]) or None}

"""What people send about their usual meals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mealplanner.fields import Choice, Words, said
from mealplanner.menu.usual.values import SLOTS, WEEKDAYS

DISH = "Choose a dish."
SLOT = f"Choose one of {', '.join(SLOTS)}."
DAYS = "Choose at least one day, from monday to sunday."


class WhenSchema(Schema):
    """A meal of the day, and the weekdays on which it is meant."""

    class Meta:
        unknown = EXCLUDE

    slot = Choice(SLOTS, SLOT, required=True)
    weekdays = Words(
        fields.String(validate=validate.OneOf(WEEKDAYS, error=DAYS)), DAYS, validate=validate.Length(min=1, error=DAYS)
    )

    @pre_load
    def lists(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Read the weekdays of a form, and of a JSON list, as one list."""
        days = data.getlist("weekdays") if hasattr(data, "getlist") else data.get("weekdays", [])
        return {**data, "weekdays": days}

    @post_load
    def numbers(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the weekdays as numbers, Monday as 0."""
        return {**data, "weekdays": frozenset(WEEKDAYS.index(day) for day in data["weekdays"])}


class UsualMealSchema(WhenSchema):
    """The dish that is usual there."""

    recipe_id = fields.UUID(required=True, error_messages={"invalid_uuid": DISH, **said(DISH)})

"""What repeating a week is asked for with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load

from mealplanner.fields import said
from mealplanner.menu.schemas import KEY

MENU = "Choose a menu by its id, or leave it out for the latest."


class RepeatSchema(Schema):
    """The menu whose last week is repeated, the latest when left out. Without a key it is repeated once a day."""

    class Meta:
        unknown = EXCLUDE

    menu_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": MENU, **said(MENU)})
    idempotency_key = fields.UUID(load_default=None, error_messages={"invalid_uuid": KEY, **said(KEY)})

    @pre_load
    def blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return {name: value for name, value in data.items() if value != ""}

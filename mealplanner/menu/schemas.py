"""The form that requests a menu."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mealplanner.fields import After, Choice, Whole, page_number, said
from mealplanner.menu.planned_days.overlaps import WAYS
from mealplanner.menu.services import MAXIMUM_SEED, MenuRequest

DATE = "Enter a date such as 2026-11-23, from 2000 to 2100."
DAYS = "Enter a whole number of days from 1 to 28."
SEED = f"Enter a whole number from 0 to {MAXIMUM_SEED}, or leave it empty."
SOURCE = "Choose one of auto, catalogue and model."
OVERLAP = "Choose one of replace, gaps and after."
KEY = "Please reload the page and send the form again."


class FirstDay(fields.Date):
    """A date, or `next` for the first day that is not planned yet, which is loaded as None."""

    def __init__(self) -> None:
        within = validate.Range(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31), error=DATE)
        super().__init__(required=True, validate=within, error_messages=said(DATE))

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Return the date. Raise `ValidationError`."""
        return None if value == "next" else super().deserialize(value, attr, data, **kwargs)


class MenusSchema(Schema):
    """Where a part of the list of menus begins: after the menu with this first day and id."""

    class Meta:
        unknown = EXCLUDE

    after = After(datetime.date.fromisoformat, uuid.UUID)


class CallsSchema(Schema):
    """Which page of the calls for a menu."""

    class Meta:
        unknown = EXCLUDE

    page = page_number()


class MenuRequestSchema(Schema):
    """Days, first day, where the dishes come from, what to do with days that are planned already, and the number of an
    earlier menu to repeat."""

    class Meta:
        unknown = EXCLUDE

    start_date = FirstDay()
    days = Whole(1, 28, DAYS, load_default=7)
    source = Choice(("auto", "catalogue", "model"), SOURCE, load_default="auto")
    overlap = Choice(WAYS, OVERLAP, load_default=None)
    seed = Whole(0, MAXIMUM_SEED, SEED, load_default=None, allow_none=True)
    idempotency_key = fields.UUID(load_default=uuid.uuid4, error_messages={"invalid_uuid": KEY, **said(KEY)})

    @pre_load
    def blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return {name: value for name, value in data.items() if value != ""}

    @post_load
    def value(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the request as one value."""
        return {"request": MenuRequest(**data)}

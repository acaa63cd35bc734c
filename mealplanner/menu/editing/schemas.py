"""What edits are asked for with, as forms and as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from mealplanner.fields import After, Choice, Decimal, Time, Whole, said, whole
from mealplanner.menu.editing.values import LARGEST_PORTION, LONGEST_NOTE, MOST_SERVINGS, SMALLEST_PORTION
from mealplanner.planner.targets import SHARES
from mealplanner.presentation.formatting import what_shows, without_unseen

VERSION: Final = "Send the version of the menu that you saw, a whole number from 1."
PORTION: Final = "Enter a portion from ¼ to 4 in quarters, such as 1.25."
SERVINGS: Final = f"Enter a whole number of people from 1 to {MOST_SERVINGS}."
DISH: Final = "Choose a dish by its id, or leave it out for a surprise."
DATE: Final = "Enter a date such as 2026-11-24."
SLOT: Final = f"Choose one of {', '.join(SHARES)}."
TIME: Final = "Enter a time such as 12:30, or leave it empty."
ENERGY: Final = "Choose what becomes of its energy: reserved or shared."
NOTE: Final = "Write a note in words."
YES_OR_NO: Final = "Send yes or no."
SEARCH: Final = "Search with at most 100 characters."


class EditSchema(Schema):
    """The version of the menu that was seen; an empty field counts as left out."""

    class Meta:
        unknown = EXCLUDE

    version = Whole(1, 2**31 - 1, VERSION, required=True)

    @pre_load
    def blanks(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return {name: value for name, value in data.items() if value != ""}


class StepSchema(EditSchema):
    """A step back or forth; without a version it is from the newest."""

    version = Whole(1, 2**31 - 1, VERSION, load_default=None, allow_none=True)


class RebalanceSchema(EditSchema):
    """The version that was seen, and a day, or none for the rest of the menu."""

    day = fields.Date(load_default=None, allow_none=True, error_messages=said(DATE))


class CopySchema(EditSchema):
    """The version that was seen, and the two days."""

    source = fields.Date(required=True, data_key="from", error_messages=said(DATE))
    to = fields.Date(required=True, error_messages=said(DATE))


class SwapSchema(EditSchema):
    """Another dish, or a surprise, and a portion if it is to be a certain one."""

    recipe_id = fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": DISH, **said(DISH)})
    portion = Decimal(SMALLEST_PORTION, LARGEST_PORTION, PORTION, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def in_quarters(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse what cannot be measured."""
        if data["portion"] is not None and data["portion"] * 4 % 1:
            raise ValidationError(PORTION, "portion")


class PortionSchema(SwapSchema):
    """A portion, a number of people, or both."""

    class Meta:
        unknown = EXCLUDE
        exclude = ("recipe_id",)

    servings = Whole(1, MOST_SERVINGS, SERVINGS, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def something(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for one of the two."""
        if data["portion"] is None and data["servings"] is None:
            raise ValidationError(PORTION, "portion")


class MoveSchema(EditSchema):
    """Where a meal is to go; `time` tells apart the snacks of a day."""

    date = fields.Date(required=True, error_messages=said(DATE))
    slot = Choice(tuple(SHARES), SLOT, required=True)
    time = Time(TIME, load_default=None, allow_none=True)

    @post_load
    def value(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the time as one."""
        return {**data, "time": datetime.time.fromisoformat(data["time"]) if data["time"] else None}


class SkipSchema(EditSchema):
    """What becomes of the energy; left out, it is what was chosen last."""

    energy = Choice(("reserved", "shared"), ENERGY, load_default=None, allow_none=True)


class NoteSchema(EditSchema):
    """A note; an empty one takes it away."""

    note = fields.String(load_default=None, allow_none=True, error_messages=said(NOTE))

    @post_load
    def value(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the note without what cannot be seen, or None."""
        note = without_unseen((data["note"] or "").replace("\r\n", "\n")).strip()
        if len(note) > LONGEST_NOTE:
            raise ValidationError(f"Use at most {LONGEST_NOTE} characters. These are {len(note):,}.", "note")
        return {**data, "note": note if what_shows(note) else None}


class EatenSchema(EditSchema):
    """Whether a meal was eaten."""

    eaten = fields.Boolean(required=True, error_messages=said(YES_OR_NO))


class CookedSchema(EditSchema):
    """Whether a meal was cooked."""

    cooked = fields.Boolean(required=True, error_messages=said(YES_OR_NO))


def _version(text: str) -> int:
    number = whole(text)
    if number is None or not 0 < number < 2**31:
        raise ValueError(text)
    return number


class JournalSchema(Schema):
    """Where a part of the journal begins: after this version, which is older than those before."""

    class Meta:
        unknown = EXCLUDE

    after = After(_version)


class SearchSchema(Schema):
    """What to search for; nothing shows what suits best."""

    class Meta:
        unknown = EXCLUDE

    q = fields.String(load_default="", validate=validate.Length(max=100, error=SEARCH), error_messages=said(SEARCH))

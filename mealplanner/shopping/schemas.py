"""What people send about shopping, as forms and as JSON."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from mealplanner.fields import Choice, Decimal, Line, Words, one_line, said
from mealplanner.food.pack_table import SHOP_AISLES
from mealplanner.food.wording import WEIGHTS
from mealplanner.shopping.values import (
    GOT,
    LONGEST_ITEM,
    LONGEST_NOTE,
    LONGEST_SPAN,
    MOST_GRAMS,
    MOST_REPLACED,
    STATES,
    Said,
    Span,
)

DAY: Final = "Enter a date such as 2026-11-23, from 2000 to 2100."
SPAN: Final = f"Choose a first and a last day, at most {LONGEST_SPAN} days in all."
STATE: Final = f"Say what became of it: one of {', '.join(STATES)}."
GRAMS: Final = "Enter an amount above 0 and up to 1,000 kg."
UNIT: Final = "Choose one of g, kg, oz and lb."
SUBJECT: Final = "Name either a food of the list or an item of your own, by its id."
ID: Final = "Send a UUID of your own making, or leave it out."
REPLACES: Final = f"Send the ids of the ticks that you saw, at most {MOST_REPLACED}."
ITEM: Final = f"Write what you need in 1 to {LONGEST_ITEM} characters."
NOTE: Final = f"Write a note of at most {LONGEST_NOTE} characters."
AISLE: Final = "Send the aisles of your shop in their order; an aisle is one of those on your list."

_BUTTON: Final = re.compile(
    r"(?P<state>[a-z]+) (?P<subject>[a-z0-9-]+)(?: (?P<grams>[0-9.]+))?(?: (?P<ids>[0-9a-f,-]+))?"
)


class _Sent(Schema):
    class Meta:
        unknown = EXCLUDE

    @pre_load
    def sent(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Treat a field that was left empty as one that was left out."""
        return _filled(data)


def _day() -> fields.Date:
    within = validate.Range(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31), error=DAY)
    return fields.Date(load_default=None, validate=within, error_messages=said(DAY))


class SpanSchema(_Sent):
    """The days of a list; None when none are named."""

    first = _day()
    first.data_key = "from"
    last = _day()
    last.data_key = "to"

    @post_load
    def span(self, data: dict[str, Any], **_: Any) -> dict[str, Span | None]:
        """Return the days as one value."""
        first, last = data["first"], data["last"]
        if first is None and last is None:
            return {"span": None}
        if first is None or last is None or not 1 <= Span(first, last).days <= LONGEST_SPAN:
            raise ValidationError(SPAN, "to")
        return {"span": Span(first, last)}


class DaysSchema(SpanSchema):
    """The days of a list, which have to be named."""

    @post_load
    def span(self, data: dict[str, Any], **options: Any) -> dict[str, Span | None]:
        """Return the days as one value."""
        found: dict[str, Span | None] = super().span(data, **options)
        if found["span"] is None:
            raise ValidationError(SPAN, "from")
        return found


class TickSchema(_Sent):
    """A tick: what became of a food or of an item of one's own.

    A button of the page sends all of it as one text, `tick`: the state, the subject, the grams, and the ticks that the
    page shows, as in `bought onions 400`.
    """

    id = fields.UUID(load_default=uuid.uuid4, error_messages={"invalid_uuid": ID, **said(ID)})
    food = fields.String(
        load_default=None, validate=validate.Length(1, 100, error=SUBJECT), error_messages=said(SUBJECT)
    )
    item = fields.UUID(load_default=None, error_messages={"invalid_uuid": SUBJECT, **said(SUBJECT)})
    state = Choice(STATES, STATE, required=True)
    grams = Decimal(0.001, MOST_GRAMS, GRAMS, load_default=None, allow_none=True)
    amount = Decimal(0.001, MOST_GRAMS, GRAMS, load_default=None, allow_none=True)
    unit = Choice(WEIGHTS, UNIT, load_default="g")
    replaces = fields.List(
        fields.UUID(error_messages={"invalid_uuid": REPLACES, **said(REPLACES)}),
        load_default=list,
        validate=validate.Length(max=MOST_REPLACED, error=REPLACES),
        error_messages=said(REPLACES),
    )

    @pre_load
    def sent(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Take the text of a button apart, and drop what was left empty."""
        fields_sent = _filled(data, lists=("replaces",))
        if "tick" not in fields_sent:
            return fields_sent
        pressed = fields_sent.pop("tick")
        found = _BUTTON.fullmatch(pressed) if isinstance(pressed, str) else None
        if found is None:
            raise ValidationError(STATE, "tick")
        subject = "item" if _is_uuid(found["subject"]) else "food"
        grams = {"grams": found["grams"]} if found["grams"] else {}
        seen = {"replaces": found["ids"].split(",")} if found["ids"] else {}
        return {**fields_sent, "state": found["state"], subject: found["subject"], **grams, **seen}

    @validates_schema(skip_on_field_errors=True)
    def whole(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a tick of nothing, of two things, and of a food without its amount."""
        if (data["food"] is None) == (data["item"] is None):
            raise ValidationError(SUBJECT, "food")
        if data["food"] is not None and data["state"] in GOT and data["grams"] is None and data["amount"] is None:
            raise ValidationError(GRAMS, "grams")
        if data["amount"] is not None and data["amount"] * WEIGHTS[data["unit"]] > MOST_GRAMS:
            raise ValidationError(GRAMS, "amount")

    @post_load
    def said(self, data: dict[str, Any], **_: Any) -> dict[str, Said]:
        """Return the tick as one value."""
        counted = data["food"] is not None and data["state"] in GOT
        amount = data["grams"] if data["amount"] is None else data["amount"] * WEIGHTS[data["unit"]]
        subject = data["food"] if data["item"] is None else data["item"]
        return {
            "said": Said(
                id=data["id"],
                subject=subject,
                state=data["state"],
                grams=amount if counted else None,
                replaces=tuple(dict.fromkeys(data["replaces"])),
            )
        }


class ItemSchema(_Sent):
    """An item of one's own; `id` makes adding it twice add it once."""

    id = fields.UUID(load_default=uuid.uuid4, error_messages={"invalid_uuid": ID, **said(ID)})
    text = Line(LONGEST_ITEM, ITEM, required=True)


class NoteSchema(Schema):
    """A note on a food; an empty one removes the note."""

    class Meta:
        unknown = EXCLUDE

    note = fields.String(required=True, error_messages=said(NOTE))

    @post_load
    def tidied(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Drop invisible characters and surplus white space."""
        text = one_line(data["note"])
        if len(text) > LONGEST_NOTE:
            raise ValidationError(NOTE, "note")
        return {"text": text}


class AislesSchema(Schema):
    """The aisles of a shop in their order; `move` names one that goes up or down by a place, as in `up fruit`."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def sent(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Return the fields, the repeated one as a list."""
        return _filled(data, lists=("aisles",))

    aisles = Words(fields.String(validate=validate.OneOf(tuple(SHOP_AISLES), error=AISLE)), AISLE)
    move = Choice(tuple(f"{way} {aisle}" for way in ("up", "down") for aisle in SHOP_AISLES), AISLE, load_default=None)

    @post_load
    def moved(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the order once the aisle is moved, and which one that was."""
        aisles, (way, _space, name) = list(data["aisles"]), (data["move"] or "").partition(" ")
        if name in aisles:
            place = aisles.index(name)
            aisles.insert(max(0, place + (1 if way == "down" else -1)), aisles.pop(place))
        return {"aisles": aisles, "moved": name or None}


def _filled(data: Mapping[str, Any], lists: Sequence[str] = ()) -> dict[str, Any]:
    """Return the fields that are not empty; those named in `lists` may be repeated."""
    filled = {name: value for name, value in data.items() if value != ""}
    getlist = getattr(data, "getlist", None)
    return {**filled, **{name: getlist(name) for name in lists if getlist and name in data}}


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True

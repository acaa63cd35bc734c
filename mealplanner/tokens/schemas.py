"""The form that makes a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from mealplanner.fields import Line, Whole, Words
from mealplanner.tokens.scopes import Scope

LONGEST_NAME: Final = 60
LONGEST_DAYS: Final = 366
NAME: Final = f"Name the token by what it is for, in up to {LONGEST_NAME} characters."
SCOPES: Final = "Choose at least one thing that the token may do."
DAYS: Final = f"Let the token work for 1 to {LONGEST_DAYS} days."


class TokenSchema(Schema):
    """What a token is called, what it may do, and for how many days."""

    class Meta:
        unknown = EXCLUDE

    name = Line(LONGEST_NAME, NAME, required=True)
    scopes = Words(
        fields.String(validate=validate.OneOf(tuple(Scope), error=SCOPES)),
        SCOPES,
        validate=validate.Length(min=1, error=SCOPES),
    )
    days = Whole(1, LONGEST_DAYS, DAYS, load_default=90)

    @pre_load
    def lists(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Read the scopes of a form, and of a JSON list, as one list."""
        return {**data, "scopes": data.getlist("scopes") if hasattr(data, "getlist") else data.get("scopes", [])}

    @post_load
    def known(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the scopes by what they are."""
        return {**data, "scopes": frozenset(map(Scope, data["scopes"]))}

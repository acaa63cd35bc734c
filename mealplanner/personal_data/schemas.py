"""The form that deletes an account."""

from __future__ import annotations

from typing import Final

from marshmallow import fields, validate

from mealplanner.auth.passwords.schemas import PresentPasswordSchema
from mealplanner.auth.schemas import said

SURE: Final = "Tick this box to delete everything."


class DeleteSchema(PresentPasswordSchema):
    """The end of an account, asked for twice: by a tick and by the password."""

    sure = fields.Boolean(required=True, validate=validate.Equal(True, error=SURE), error_messages=said(SURE))

"""The form to change one's e-mail address."""

from __future__ import annotations

from mealplanner.auth.passwords.schemas import PresentPasswordSchema
from mealplanner.auth.schemas import email


class ChangeAddressSchema(PresentPasswordSchema):
    """Another address, and proof that it is the person who asks."""

    email = email()

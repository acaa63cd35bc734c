"""What can go wrong with accounts."""

from __future__ import annotations

from mealplanner.errors import Invalid, Unauthenticated


class EmailTaken(Invalid):
    """Somebody registered this address before; the constraint on `lower(email)` says so."""

    def __init__(self) -> None:
        super().__init__({"email": ["There is an account with this address already. Sign in instead."]})


class WrongCredentials(Unauthenticated):
    """The address is unknown or the password is wrong; nobody learns which."""

    message = "The e-mail address or the password is not right."

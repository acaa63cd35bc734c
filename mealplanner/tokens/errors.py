"""What is refused about tokens."""

from __future__ import annotations

import datetime

from mealplanner.errors import NotAllowed, Unauthenticated
from mealplanner.tokens.scopes import Closed, Scope


class BadToken(Unauthenticated):
    """The token that was sent opens nothing."""

    message = "This token is not known here. Check that you sent all of it, or make a new one in your account."


class ExpiredToken(BadToken):
    """The token was right until it expired."""

    def __init__(self, expired: datetime.datetime) -> None:
        super().__init__(f"This token expired on {expired.date()}. Make a new one in your account.")


class EndedToken(BadToken):
    """The token was right until its owner ended it."""

    def __init__(self, ended: datetime.datetime) -> None:
        super().__init__(f"This token was ended on {ended.date()}. Make a new one in your account.")


class MisplacedToken(BadToken):
    """A token was sent where others can read it."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"A token doesn't belong in {place}, where others can read it. Send it in the header "
            "“Authorization: Bearer”. End this one in your account and make a new one, since it may have been seen."
        )


class MissingScope(NotAllowed):
    """The token is right, but not for this."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This token may not do that: it needs the scope {scope}.")
        self.scope = scope


class ClosedToTokens(NotAllowed):
    """No token opens this, whatever its scopes."""

    def __init__(self, why: Closed) -> None:
        super().__init__(why.value)

"""What can go wrong with second factors."""

from __future__ import annotations

from mealplanner.errors import Conflict, Invalid, Unauthenticated


class WrongCode(Invalid):
    """A code that does not count, with the reason."""

    def __init__(self, why: str) -> None:
        super().__init__({"code": [why]})


class StartAgain(Unauthenticated):
    """The second step took too long, or the password was changed meanwhile."""

    message = "That took too long. Please sign in again."


class NeedsFactor(Conflict):
    """The last second factor of an operator."""

    message = "You run this site, so your account needs a second step. Set up another one before you remove this one."


class AlreadySetUp(Conflict):
    """The account has an authenticator app."""

    message = "An authenticator app is set up already. Remove it before you set up another one."

"""The domain errors: what can go wrong in the terms of the product. They know no HTTP.

Each family is shown to people in one way; `web.errors` holds that table. A message is a sentence for the person
who reads the page: what happened, and what to do next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """The root of everything that a service raises on purpose."""

    message = "That did not work."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class NotFound(DomainError):
    """There is no such thing, or it belongs to somebody else; the two look alike on purpose."""

    message = "There is nothing at this address."


class Invalid(DomainError):
    """What was sent cannot be used. `errors` maps each field to what was expected of it."""

    message = "Some fields need another look."

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str | None = None) -> None:
        super().__init__(message)
        self.errors = {field: list(messages) for field, messages in errors.items()}


class Conflict(DomainError):
    """What was asked for contradicts what is already there."""

    message = "That clashes with a change made in the meantime. Reload the page and try again."


class Unauthenticated(DomainError):
    """Nobody is signed in, or the sign-in failed."""

    message = "Sign in to go on."


class NotFresh(Unauthenticated):
    """Somebody is signed in, but typed their password too long ago for what they are about to do."""

    message = "Type your password once more to go on."


class TooMany(DomainError):
    """The same was tried too often. `wait` says in words how long it takes until it may be tried again."""

    def __init__(self, wait: str, *, seconds: float) -> None:
        super().__init__(f"Too many attempts. Try again in {wait}.")
        self.retry_after = math.ceil(seconds)


class Unavailable(DomainError):
    """The service cannot answer now but will again. `retry_after` is in seconds."""

    message = "The service is busy at the moment. Nothing was saved; try again in a few seconds."
    retry_after = 5


class OutcomeUnknown(Unavailable):
    """The connection broke while a commit was under way: it may or may not have been stored."""

    message = "The connection to the database broke at the last moment. Look whether your change is there first."

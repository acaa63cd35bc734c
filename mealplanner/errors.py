"""The domain errors: what can go wrong, in the terms of the product. They know no HTTP.

`web.errors` decides how each family is shown. A message is a sentence for the person who reads the page: what happened,
and what to do next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain


class DomainError(Exception):
    """The root of the errors that services raise on purpose."""

    message = "That didn't work. Please try again."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class NotFound(DomainError):
    """There is no such thing, or it belongs to another person; the two look alike on purpose."""

    message = "There is nothing at this address. It may have been moved or deleted, or the address may have a typo."


class Invalid(DomainError):
    """What was sent cannot be used. `errors` maps each field to what was expected there.

    The message is that of all fields, unless there is one for the whole.
    """

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str | None = None) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(message or " ".join(dict.fromkeys(chain.from_iterable(self.errors.values()))))


class Conflict(DomainError):
    """The request contradicts what is stored."""

    message = "This was changed in the meantime. Please reload the page and try again."


class Unauthenticated(DomainError):
    """The request comes without a sign-in, or the sign-in failed."""

    message = "Please sign in to continue."


class NotFresh(Unauthenticated):
    """The person is signed in, but typed their password too long ago for what they are about to do."""

    message = "Please enter your password again to continue."


class NotAllowed(DomainError):
    """It is known who asks, and they may not do this."""

    message = "You may not do that."


class TooMany(DomainError):
    """The same was tried too often. `wait` says in words how long to wait before the next attempt."""

    def __init__(self, wait: str, *, seconds: float) -> None:
        super().__init__(f"Too many attempts. Try again in {wait}.")
        self.retry_after = math.ceil(seconds)


class Unavailable(DomainError):
    """The service cannot answer now; without another reason, because it is busy. `retry_after` is in seconds."""

    message = "We're busy right now, and nothing was saved. Please try again in a few seconds."
    retry_after = 5


class Unreachable(Unavailable):
    """The database is away, or went away."""

    message = "We can't reach our database right now, and nothing was saved. Please try again in a few seconds."


class InTheWay(Unavailable):
    """Another transaction was in the way, and stayed there."""

    message = "Something else was being saved at the same moment, and your change wasn't. Please try again."
    retry_after = 1


class TookTooLong(Unavailable):
    """A time limit, or an operator, stopped what was asked for."""

    message = "This took longer than it may, so we stopped it, and nothing was saved. Please try again in a minute."
    retry_after = 30


class NeedsOperator(Unavailable):
    """The service cannot answer until the people who run it have done something."""

    retry_after = 60


class ReadOnly(NeedsOperator):
    """The database takes no writes."""

    message = "Everything can be read, but nothing can be saved for the moment. Please try again in a few minutes."


class StorageFull(NeedsOperator):
    """The database has no room left."""

    message = "Our storage is full, so this wasn't saved. The people who run this site have to make room first."


class OutOfMemory(NeedsOperator):
    """The database has no memory left for what was asked."""

    message = "Our server ran out of memory, so this wasn't done. Please try again in a minute."


class ServerTrouble(NeedsOperator):
    """The system below the database fails."""

    message = "Our server has a problem, and nothing was saved. The people who run this site have to look at it."


class OutcomeUnknown(Unavailable):
    """The connection broke while a commit was under way: it may or may not have been stored."""

    message = "We lost the connection while saving your change. Please check whether it's there before you try again."

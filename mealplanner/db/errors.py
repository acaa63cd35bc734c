"""Mistakes in the program that the unit of work catches: they are ours to mend, never a person's to read."""

from __future__ import annotations


class UnitOfWorkError(RuntimeError):
    """A mistake in the program: the rules of the unit of work were broken."""


class OutsideScope(UnitOfWorkError):
    """There is no unit of work here, or it has ended."""


class NotTheOwner(UnitOfWorkError):
    """A service tried to end a transaction that belongs to its unit of work."""


class SwallowedFailure(UnitOfWorkError):
    """A statement failed, the error was caught, and PostgreSQL would answer COMMIT by rolling back in silence."""


class PendingWrites(UnitOfWorkError):
    """There are writes or row locks where only reads are allowed."""


class TransactionOpen(UnitOfWorkError):
    """A slow call was about to begin inside a transaction, which would hold a connection until the answer comes."""

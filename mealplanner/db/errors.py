"""What goes wrong with units of work: mistakes in the program, and a commit whose outcome is unknown."""

from __future__ import annotations


class UnitOfWorkError(RuntimeError):
    """A mistake in the program: a rule of the unit of work was broken."""


class OutsideScope(UnitOfWorkError):
    """There is no unit of work here, or it has ended."""


class NotTheOwner(UnitOfWorkError):
    """The transaction was ended, or was about to be, by code that does not own it."""


class SwallowedFailure(UnitOfWorkError):
    """A statement failed, the error was caught, and PostgreSQL would answer COMMIT with a silent rollback."""


class PendingWrites(UnitOfWorkError):
    """There is something to lose where only reads are allowed: writes, locks, or what takes effect at a commit."""


class SecondConnection(UnitOfWorkError):
    """A connection was taken while the same code already holds one: enough of these at once and the pool deadlocks."""


class TransactionOpen(UnitOfWorkError):
    """A slow call was about to begin inside a transaction, which would hold a connection until the answer comes."""


class OutcomeUnknown(Exception):
    """The connection broke during COMMIT: the transaction may or may not have been stored."""

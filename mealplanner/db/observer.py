"""What a unit of work and its engine report, for logs and metrics."""

from __future__ import annotations

import logging
from typing import Literal

log = logging.getLogger(__package__)

HookKind = Literal["after_commit", "always"]

_HOOK_FAILURES = {
    "after_commit": "an after-commit hook failed; what was committed stands",
    "always": "an always-write failed",
}


class Observer:
    """An observer of every connection and transaction, which writes to the log. Override methods to count as well.

    Methods are called in the thread that does the work and must not raise. Durations are in seconds.
    """

    # Connections: reported by an engine of `db.engines`.

    def connection_opened(self) -> None:
        """A new connection to PostgreSQL was opened."""
        log.debug("connection opened")

    def connection_closed(self) -> None:
        """A connection was closed for good."""
        log.debug("connection closed")

    def connection_waited_for(self, seconds: float) -> None:
        """The pool answered after `seconds`, with a connection or without."""

    def connection_checked_out(self) -> None:
        """A connection was lent."""
        log.debug("connection checked out")

    def connection_returned(self, held: float) -> None:
        """A connection came back after `held` seconds."""
        log.debug("connection returned after %.1f ms", held * 1000)

    def connection_refused(self) -> None:
        """PostgreSQL did not accept a connection."""

    def pool_exhausted(self) -> None:
        """The wait for a connection ended without one."""

    # Transactions

    def began(self) -> None:
        """A unit of work has begun a transaction."""
        log.debug("transaction begun")

    def committed(self) -> None:
        """A unit of work was committed."""
        log.debug("transaction committed")

    def rolled_back(self) -> None:
        """A unit of work was rolled back."""
        log.debug("transaction rolled back")

    def doomed(self, reason: str) -> None:
        """A unit of work was rolled back because it was doomed."""
        log.debug("transaction rolled back: %s", reason)

    def held(self, seconds: float, idle: float) -> None:
        """A transaction was open for `seconds`; the longest time in it without a statement was `idle`."""

    def left_over(self) -> None:
        """A scope ended without a decision about its transaction, which is rolled back."""
        log.warning("a transaction was left over at the end of its scope and is rolled back")

    def outcome_unknown(self) -> None:
        """The connection broke during COMMIT."""
        log.error("the connection broke during COMMIT: outcome unknown")

    def ended_by_other(self, problem: str) -> None:
        """Code that does not own a transaction ended it, and the owner then rolled back."""
        log.error("%s", problem)

    def second_connection(self, problem: str) -> None:
        """A second connection was taken beside the first, where that does not raise."""
        log.warning("%s", problem, stack_info=True)

    def hook_failed(self, kind: HookKind) -> None:
        """An after-commit hook or an always-write failed; call it while the exception is handled."""
        log.exception(_HOOK_FAILURES[kind])

    def closing_failed(self) -> None:
        """A session could not be closed; call it while the exception is handled."""
        log.exception("closing a session failed; its connection is discarded")

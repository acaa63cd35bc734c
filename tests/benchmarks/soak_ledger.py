"""What was promised to people during a soak, so that it can be asked for afterwards.

Every request that writes ends in one of five ways. `KEPT` and `REFUSED` are promises: it is stored, it is not. So is
`BUSY`, a 503 that says that nothing was saved. `UNKNOWN` (a 503 that says so, or no answer at all) promises nothing.
"""

from __future__ import annotations

import enum
import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from mealplanner.errors import OutcomeUnknown
from tests.faults.remote import Answer

SAYS_UNKNOWN = OutcomeUnknown.message.split(".")[0]


class Outcome(enum.Enum):
    """How a request ended."""

    KEPT = "answered"
    REFUSED = "refused"
    BUSY = "busy"
    UNKNOWN = "unknown"
    FAILED = "failed"


def outcome_of(answer: Answer | None) -> Outcome:
    """Return what an answer promises; None is a connection that broke."""
    if answer is None:
        return Outcome.UNKNOWN
    if answer.status == 503:
        return Outcome.UNKNOWN if SAYS_UNKNOWN in answer.text else Outcome.BUSY
    if answer.status >= 500:
        return Outcome.FAILED
    return Outcome.KEPT if answer.status < 400 else Outcome.REFUSED


@dataclass
class Save:
    """One attempt to save preferences: its mark, how it ended, and the `version` that the answer named."""

    mark: str
    outcome: Outcome
    version: int | None = None


@dataclass
class Ask:
    """One attempt to have a menu made, with its key; `menu` is the id that it was led to."""

    key: str
    outcome: Outcome
    menu: str | None = None


@dataclass
class Account:
    """What one person was told. Several threads may write to it: a list's `append` is one step."""

    email: str
    registrations: list[Outcome] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    cancels: list[tuple[str, Outcome]] = field(default_factory=list)
    deletes: list[tuple[str, Outcome]] = field(default_factory=list)

    def menus(self) -> set[str]:
        """Return the ids of the menus that the person knows of."""
        return {ask.menu for ask in self.asks if ask.menu is not None}


class Ledger:
    """All accounts of a soak, and whatever contradicted a promise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._accounts: list[Account] = []
        self.wrongs: list[str] = []

    def new_account(self) -> Account:
        """Return an account with an address of its own, not registered yet."""
        with self._lock:
            account = Account(f"person{next(self._numbers)}@example.org")
            self._accounts.append(account)
            return account

    def mark(self) -> str:
        """Return a mark that no other save has."""
        with self._lock:
            return f"mark {next(self._numbers)}"

    def accounts(self) -> list[Account]:
        """Return all of them."""
        with self._lock:
            return list(self._accounts)

    def wrong(self, what: str) -> None:
        """Note something that contradicts a promise, seen while it happened."""
        self.wrongs.append(what)


def at_most_one(outcomes: Iterable[Outcome]) -> bool:
    """Return whether at most one of several rivals was told that it won."""
    return sum(outcome is Outcome.KEPT for outcome in outcomes) <= 1

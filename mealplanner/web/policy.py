"""What becomes of a transaction: a pure function of what the view did."""

from __future__ import annotations

import enum
from typing import Final

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Requests with these methods run in a read-only transaction: the first statement that writes is refused."""


class Decision(enum.Enum):
    """What the unit of work is told once the view has returned or raised."""

    COMMIT = "commit"
    ROLL_BACK = "roll back"


def decide(status: int | None, *, doomed: bool = False) -> Decision:
    """Return the decision for a view that answered with `status`, or raised (None)."""
    return Decision.ROLL_BACK if doomed or status is None or status >= 400 else Decision.COMMIT

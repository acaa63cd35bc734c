"""What becomes of a transaction: a pure function of the method and of what the view did."""

from __future__ import annotations

import enum
from typing import Final

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Decision(enum.Enum):
    """What the unit of work is told once the view has returned or raised."""

    COMMIT = "commit"
    ROLL_BACK = "roll back"
    REFUSE_WRITE = "roll back: a safe method wrote"


def decide(method: str, status: int | None, *, doomed: bool = False, has_writes: bool = False) -> Decision:
    """The decision for a view that answered with `status`, or raised (None).

    `has_writes` says whether anything would be stored; it matters for the methods that only read.
    """
    if doomed or status is None or status >= 400:
        return Decision.ROLL_BACK
    if method in SAFE_METHODS and has_writes:
        return Decision.REFUSE_WRITE
    return Decision.COMMIT

"""Rows that one worker at a time may write to.

A worker claims such a row by writing a fresh token into it. Each later write asks for that token and for the status
`running`. When no row matches, the work was cancelled or deleted, or another worker has claimed it: `ClaimLost`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, update
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)


class ClaimLost(Exception):
    """The work no longer belongs to this worker, which must stop and write nothing more."""

    def __init__(self) -> None:
        super().__init__("it was cancelled, deleted or claimed by another worker")


@dataclass(frozen=True, slots=True)
class Fence:
    """Lets one worker at a time write to a row of `table`, whose primary key is `key`.

    The table has the columns `status`, `token`, `step`, `steps` and `message`. A row can be claimed while its status is
    one of `unfinished`.
    """

    table: Table
    key: str
    unfinished: tuple[str, ...]

    def claim(
        self,
        session: Session,
        key: uuid.UUID,
        *,
        token: uuid.UUID,
        message: str,
        is_current: Callable[[Session], bool],
        returning: str,
    ) -> Any:
        """Claim a row that is not finished, and return the column `returning` of it.

        `is_current` is the queue's word on whether the job still belongs to this attempt: an attempt that another
        worker has replaced must not take the row back. Raise `ClaimLost` when it has, or when the row is finished or
        gone.
        """
        columns = self.table.c
        wanted = update(self.table).where(columns[self.key] == key, columns.status.in_(self.unfinished))
        running = wanted.values(status="running", token=token, message=message)
        found = session.scalar(running.returning(columns[returning]))
        if found is None or not is_current(session):
            raise ClaimLost
        return found

    def write(self, session: Session, key: uuid.UUID, token: uuid.UUID, **values: Any) -> None:
        """Write to the row that was claimed with `token`. Raise `ClaimLost`."""
        columns = self.table.c
        mine = (columns[self.key] == key, columns.token == token, columns.status == "running")
        if session.scalar(update(self.table).where(*mine).values(**values).returning(columns[self.key])) is None:
            raise ClaimLost

    def report(self, session: Session, key: uuid.UUID, token: uuid.UUID, *, percent: int, message: str) -> None:
        """Store how far the work is. `percent` never falls below what was reported before, by any worker."""
        self.write(session, key, token, step=func.greatest(self.table.c.step, percent), steps=100, message=message)


@contextmanager
def unless_lost(what: str, *also: type[Exception]) -> Iterator[None]:
    """Run the block, and leave the work, named `what`, alone from where its claim is lost, or one of `also` raised."""
    lost_by: tuple[type[Exception], ...] = (ClaimLost, *also)
    try:
        yield
    except lost_by as lost:
        log.info("%s is left alone: %s", what, lost)


def our_mistake(consequence: str) -> str:
    """Return what people are told when every attempt has failed."""
    return f"Something went wrong on our side and has been logged. {consequence} Please try again."

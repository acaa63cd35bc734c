"""Cursors for SQLAlchemy, which asks for the columns after every query, and looks at them once for each query that it
has compiled. Describing thirty columns takes a tenth of such a query's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from psycopg import Column, Cursor
from psycopg.pq import ExecStatus


class LazyCursor(Cursor[Any]):
    """A cursor that describes its columns when they are looked at."""

    @property
    def description(self) -> Any:
        """The columns of the result, None if there is none."""
        complete = self.pgresult is not None and self.pgresult.status == ExecStatus.TUPLES_OK
        return _Columns(self) if complete else super().description

    def described(self) -> list[Column]:
        """Return the columns of the result."""
        return super().description or []


class _Columns(Sequence[Any]):
    """The columns of the result that a cursor has now."""

    def __init__(self, cursor: LazyCursor) -> None:
        self._cursor = cursor

    @cached_property
    def _found(self) -> list[Column]:
        return self._cursor.described()

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, index: Any) -> Any:
        return self._found[index]

"""A view that writes."""

from __future__ import annotations

from typing import Any

from mealplanner.web.transactions import db_session
from tests.rows import add_user


def write_then(answer: Any) -> Any:
    """Return a view that writes a row and then answers, or raises, as told."""

    def view() -> Any:
        add_user(db_session())
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    return view

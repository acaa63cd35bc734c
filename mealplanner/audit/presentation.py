"""Lines of the audit log as JSON and for a page; pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mealplanner.audit.events import BY, told
from mealplanner.audit.services import PAGE, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line in plain words."""

    text: str
    by: str
    address: str | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some lines, and the id to ask for the older ones with; None if there are none."""

    lines: Sequence[Line]
    older: int | None


def log_page(found: Sequence[Entry]) -> LogPage:
    """Return the page of these entries, of which one more than a page holds says that there are older ones."""
    shown = found[:PAGE]
    return LogPage(lines=[_line(entry) for entry in shown], older=shown[-1].id if len(found) > PAGE else None)


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return a line as JSON."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "event": entry.event,
        "by": entry.actor,
        "address": entry.address,
        "details": dict(entry.details),
    }


def _line(entry: Entry) -> Line:
    return Line(text=told(entry.event, entry.details), by=BY[entry.actor], address=entry.address, at=entry.at)

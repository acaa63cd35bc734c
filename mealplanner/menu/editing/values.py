"""Edits of menus as plain values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One entry of the journal, as in `models.MenuEdit`."""

    version: int
    what: str
    before: Mapping[str, Mapping[str, Any]]
    after: Mapping[str, Mapping[str, Any]]
    made_at: datetime.datetime
    undoes: int | None
    redoes: int | None

"""The state of the site as JSON; pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.admin.values import AccountsPage, Overview


def overview_json(found: Overview) -> dict[str, Any]:
    """Return all of it."""
    spending = [{**asdict(month), "month": f"{month.month:%Y-%m}"} for month in found.spending]
    return {**_plain(asdict(found)), "spending": spending}


def accounts_json(found: AccountsPage) -> dict[str, Any]:
    """Return the accounts, and where to go on."""
    plain: dict[str, Any] = _plain(asdict(found))
    return plain


def _plain(value: Any) -> Any:
    """Return values with moments as ISO 8601 and ids as text."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)

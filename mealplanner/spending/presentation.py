"""Calls of the model, and what they cost, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.spending.values import MonthlyUse, PastCall


def call_json(call: PastCall) -> dict[str, Any]:
    """One call, with what was sent and received while that is kept."""
    return {
        **asdict(call),
        "id": str(call.id),
        "menu_id": str(call.menu_id) if call.menu_id else None,
        "tokens": call.tokens,
        "created_at": call.created_at.isoformat(),
    }


def use_json(use: MonthlyUse) -> dict[str, Any]:
    """What was used in a month."""
    return {**asdict(use), "month": f"{use.month:%Y-%m}"}

"""Calls of the model and their cost as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.spending.values import Calls, MonthlyUse, PastCall


def call_json(call: PastCall) -> dict[str, Any]:
    """Return one call, with what was sent and received if that is still kept."""
    return {
        **asdict(call),
        "id": str(call.id),
        "menu_id": str(call.menu_id) if call.menu_id else None,
        "tokens": call.tokens,
        "created_at": call.created_at.isoformat(),
    }


def sent_json(calls: Calls, use: MonthlyUse) -> dict[str, Any]:
    """Return some calls for a menu, what all of them used, and what was used in this month."""
    return {
        "calls": [call_json(call) for call in calls.part.items],
        "total": calls.total,
        "tokens": calls.tokens,
        "this_month": use_json(use),
    }


def use_json(use: MonthlyUse) -> dict[str, Any]:
    """Return what was used in a month."""
    return {**asdict(use), "month": f"{use.month:%Y-%m}"}

"""Second factors as JSON, without what would let others in."""

from __future__ import annotations

import datetime
from typing import Any

from mealplanner.auth.factors.services import Factors


def factors_json(factors: Factors) -> dict[str, Any]:
    """Return what an account has."""
    return {
        "app": {"created_at": factors.app_since.isoformat()} if factors.app_since is not None else None,
        "passkeys": [
            {"id": str(it.id), "name": it.name, "created_at": it.created_at.isoformat(), "used_at": _iso(it.used_at)}
            for it in factors.passkeys
        ],
        "recovery_codes": [
            {"created_at": code.created_at.isoformat(), "used_at": _iso(code.used_at)} for code in factors.codes
        ],
    }


def _iso(moment: datetime.datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None

"""Tokens as JSON."""

from __future__ import annotations

from typing import Any

from mealplanner.tokens.values import ApiTokenValue


def token_json(token: ApiTokenValue) -> dict[str, Any]:
    """Return what is stored of a token, but for the hash of its secret."""
    return {
        "id": str(token.id),
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
        "ended_at": token.ended_at.isoformat() if token.ended_at else None,
    }

"""Edits of menus as JSON."""

from __future__ import annotations

from typing import Any

from mealplanner.menu.editing.values import Edit


def edit_json(edit: Edit) -> dict[str, Any]:
    """Return an entry of the journal."""
    return {
        "version": edit.version,
        "what": edit.what,
        "before": edit.before,
        "after": edit.after,
        "at": edit.made_at.isoformat(),
        "undoes": edit.undoes,
        "redoes": edit.redoes,
    }

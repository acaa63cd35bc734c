"""What the page of preferences says besides the fields: choices by name, and where two versions differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mealplanner.preferences.values import StoredPreferences


def labelled(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (value, label) pairs for a form."""
    return [(value, _words(label)) for value, label in names.items()]


def differences(typed: Mapping[str, Any], stored: StoredPreferences) -> list[tuple[str, str, str]]:
    """Return (field, what was typed, what is stored) for each field in which the two differ."""
    rows = ((name, _shown(typed.get(name, "")), _shown(value)) for name, value in stored.preferences.as_dict().items())
    return [(_words(name), yours, theirs) for name, yours, theirs in rows if yours != theirs]


def _words(slug: str) -> str:
    return slug.replace("_", " ").replace("-", " ").capitalize() if slug.islower() else slug


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{meal} {time}" for meal, time in sorted(value.items())) or "none"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)

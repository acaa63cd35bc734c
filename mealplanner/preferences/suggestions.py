"""Preferences with changes that were found to help, as the planner proposes them, filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mealplanner.preferences.limits import as_form as limits_as_form


def changed(fields: Mapping[str, Any], changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return `fields` with `changes`: each has an `action`, the name of a `preference`, and a `value`."""
    found = dict(fields)
    for change in changes:
        name, value = change["preference"], change["value"]
        match change["action"], name:
            case "set", "macros":
                found |= dict(zip(("macro_protein", "macro_carbs", "macro_fat"), value, strict=True))
            case "set", "meal_times":
                found[name] = dict(value)
            case "set", _:
                found[name] = value
            case "add", _:
                found[name] = [*dict.fromkeys([*found[name], value])]
            case "remove", _:
                found[name] = [item for item in found[name] if item != value]
    return found


def as_form(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return `fields` as the form of the preferences sends them: name -> values."""
    form: dict[str, list[str]] = {}
    for name, value in fields.items():
        match name:
            case "meal_times":
                form["meals"] = list(value)
                form |= {f"time_{meal}": [time] for meal, time in value.items()}
            case "minutes_by_weekday":
                form |= {f"minutes_{day}": [str(minutes)] for day, minutes in value.items()}
            case "day_limits":
                form |= limits_as_form(value)
            case "disliked_ingredients":
                form[name] = ["\n".join(value)]
            case "settled_dislikes":
                form["settled"] = value
            case _ if isinstance(value, list):
                form[name] = value
            case _:
                form[name] = [str(value)]
    return form

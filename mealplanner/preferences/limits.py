"""Limits of a day as the page asks for them: as recommended, the person's own, or none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from mealplanner.planner.day_limits import recommended

LIMITS: Final[Mapping[str, tuple[str, float, float]]] = {
    "salt_g": ("Salt, at most", 1, 30),
    "sugars_g": ("Sugars, at most", 5, 400),
    "saturates_g": ("Saturated fat, at most", 3, 200),
    "fibre_g": ("Fibre, at least", 5, 80),
}
"""Limit -> how people read it, and the least and the most grams that it may be set to."""

RECOMMENDED, OWN, OFF = "recommended", "own", "off"


class Asked(NamedTuple):
    """A limit as the page shows it."""

    name: str
    words: str
    recommended: float | None
    """In grams, for the kcal in the form; None where those are no number."""
    choice: str
    grams: Any
    """What was typed, or is stored."""


def asked(form: Mapping[str, Any]) -> list[Asked]:
    """Return the limits as `form`, stored or typed, has them."""
    return [_asked(form, name, words) for name, (words, _, _) in LIMITS.items()]


def _asked(form: Mapping[str, Any], name: str, words: str) -> Asked:
    chosen, usual = form["day_limits"], _usual(form["calorie_goal"], name)
    if name not in chosen:
        return Asked(name, words, usual, RECOMMENDED, "")
    grams = chosen[name]
    return Asked(name, words, usual, OFF if grams is None else OWN, "" if grams is None else grams)


def _usual(kcal: object, name: str) -> float | None:
    text = str(kcal).strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 6000):
        return None
    return recommended(int(text))[name]


def from_form(form: Any) -> dict[str, Any]:
    """Return the limits that a form has sent: those that are not as recommended."""
    chosen = {name: form.get(f"limit_{name}", RECOMMENDED) for name in LIMITS}
    return {
        name: None if choice == OFF else form.get(f"grams_{name}", "")
        for name, choice in chosen.items()
        if choice in (OWN, OFF)
    }


def as_form(limits: Mapping[str, float | None]) -> dict[str, list[str]]:
    """Return `limits` as a form sends them."""
    form = {f"limit_{name}": [OFF if grams is None else OWN] for name, grams in limits.items()}
    return form | {f"grams_{name}": [f"{grams:g}"] for name, grams in limits.items() if grams is not None}

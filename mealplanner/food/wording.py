"""How an amount of a food is worded for a kitchen with scales and spoons."""

from __future__ import annotations

from typing import Final, Literal

from mealplanner.planner.model import Food

PROPER = frozenset(
    [
        "Brazil",
        "Brussels",
        "Cheddar",
        "Chinese",
        "Edam",
        "English",
        "Gouda",
        "Greek",
        "Gruyere",
        "Italian",
        "Jerusalem",
        "Parmesan",
        "Pecorino",
        "Portobello",
        "Provolone",
        "Romaine",
        "Savoy",
        "Swiss",
        "Worcestershire",
    ]
)
"""First words that keep their capital in the middle of a sentence."""


Units = Literal["metric", "imperial"]

OUNCE: Final = 28.349523125
"""Grams; the international avoirdupois ounce, 1/16 of 0.45359237 kg."""

_QUARTERS: Final = ("", "¼", "½", "¾")


def ingredient_text(food: Food, grams: float, units: Units = "metric") -> str:
    """Return `62 g rolled oats`, or `120 g eggs (about 2)` for what is counted rather than weighed.

    With imperial units `2.2 oz rolled oats`, and `0.18 oz table salt (about ¾ tsp)` where scales do not help. What is
    too little for a spoon is `0.1 g table salt (a pinch)`.
    """
    about = _pieces(food, grams)
    if units == "imperial":
        about = about or _spoons(food, grams)
    words = f"about {about}" if about else "a pinch" if _is_pinch(food, grams) else ""
    amount = _imperial(grams) if units == "imperial" else _metric(grams)
    return f"{amount} {inside_a_sentence(food.name)}" + (f" ({words})" if words else "")


def _metric(grams: float) -> str:
    if grams < 0.05:
        return "less than 0.1 g"
    amount = f"{grams:.0f}" if grams >= 10 else f"{grams:.1f}".removesuffix(".0")
    return f"{amount} g"


def _imperial(grams: float) -> str:
    """Return pounds and whole ounces, or ounces with two figures that count; grams for less than 0.01 oz."""
    ounces = grams / OUNCE
    if ounces < 0.01:
        return _metric(grams)
    if round(ounces) >= 16:
        pounds, rest = divmod(round(ounces), 16)
        return f"{pounds} lb {rest} oz" if rest else f"{pounds} lb"
    decimals = 0 if ounces >= 9.95 else 1 if ounces >= 0.995 else 2
    return f"{ounces:.{decimals}f}".removesuffix(".0") + " oz"


def _pieces(food: Food, grams: float) -> str:
    """The count, where the food comes in pieces and the amount is near a whole or a half number of them."""
    if "piece" not in food.grams_per:
        return ""
    halves = round(2 * grams / food.grams_per["piece"])
    return _in_quarters(2 * halves) if 0 < halves <= 24 else ""


def _spoons(food: Food, grams: float) -> str:
    """Return spoons for what is too little for kitchen scales; nothing where no spoon of the food has been weighed."""
    tablespoon = _tablespoon(food)
    if not tablespoon or grams >= OUNCE / 2 or _is_pinch(food, grams):
        return ""
    if grams >= tablespoon:
        return f"{_in_quarters(2 * round(2 * grams / tablespoon))} tbsp"
    teaspoon = food.grams_per.get("tsp") or tablespoon / 3
    return f"{_in_quarters(max(1, round(4 * grams / teaspoon)))} tsp"


def _is_pinch(food: Food, grams: float) -> bool:
    """Say whether it is less than an eighth of a teaspoon, the smallest spoon of a kitchen."""
    return grams < (food.grams_per.get("tsp") or _tablespoon(food) / 3) / 8


def _tablespoon(food: Food) -> float:
    """Return what a tablespoon of the food weighs; 0 where no spoon of it has been weighed."""
    return food.grams_per.get("tbsp") or 3 * food.grams_per.get("tsp", 0)


def _in_quarters(quarters: int) -> str:
    """`1½` for six quarters."""
    return f"{quarters // 4 or ''}{_QUARTERS[quarters % 4]}"


def inside_a_sentence(name: str) -> str:
    """Return `name` with a small first letter, unless its first word is a proper name."""
    return name if name.split()[0].rstrip(",") in PROPER else name[:1].lower() + name[1:]

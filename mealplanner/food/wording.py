"""How an amount of a food is said to somebody with scales in the kitchen."""

from __future__ import annotations

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


def ingredient_text(food: Food, grams: float) -> str:
    """Like `62 g rolled oats`, or `120 g eggs (about 2)` for what is counted rather than weighed."""
    amount = f"{grams:.0f}" if grams >= 10 else f"{grams:.1f}".removesuffix(".0")
    return f"{amount} g {_inside_a_sentence(food.name)}{_pieces(food, grams)}"


def _pieces(food: Food, grams: float) -> str:
    """The count, where the food comes in pieces and the amount is near a whole or a half number of them."""
    if "piece" not in food.grams_per:
        return ""
    halves = round(2 * grams / food.grams_per["piece"])
    if halves == 0 or halves > 24:
        return ""
    whole = f"{halves // 2}" if halves > 1 else ""
    return f" (about {whole}{'½' if halves % 2 else ''})"


def _inside_a_sentence(name: str) -> str:
    """The first letter small, unless the first word is a name."""
    return name if name.split()[0].rstrip(",") in PROPER else name[:1].lower() + name[1:]

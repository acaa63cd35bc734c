"""Which drawing stands for a dish: the name of a symbol in `web/static/glyphs.svg`. Pure.

The style sheet gives each main food a tint as well, so that a week can be read by colour and shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_FOODS: Final[Mapping[str, tuple[str, ...]]] = {
    "fish": ("fish",),
    "seafood": ("seafood",),
    "poultry": ("chicken", "turkey"),
    "meat": ("beef", "pork", "lamb", "game"),
    "eggs": ("eggs",),
    "dairy": ("dairy",),
    "soy": ("tofu", "tempeh", "soy"),
    "pulses": ("beans", "chickpeas", "lentils", "lupin", "peas"),
    "grains": ("grains", "seitan"),
    "nuts": ("nuts", "peanuts", "seeds"),
    "vegetables": ("vegetables",),
}
_CUISINES: Final[Mapping[str, tuple[str, ...]]] = {
    "east-asian": ("chinese", "japanese", "korean"),
    "southeast-asian": ("indonesian", "thai", "vietnamese"),
    "south-asian": ("indian",),
    "middle-eastern": ("middle-eastern", "north-african", "turkish"),
    "mediterranean": ("greek", "italian", "mediterranean", "spanish"),
    "latin-american": ("brazilian", "caribbean", "mexican", "peruvian"),
    "african": ("ethiopian", "west-african"),
    "european": ("british", "eastern-european", "french", "german", "nordic"),
    "american": ("american",),
    "international": ("international",),
}


def _by_member(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {member: group for group, members in groups.items() for member in members}


_GLYPH_OF_FOOD: Final = _by_member(_FOODS)
_GLYPH_OF_CUISINE: Final = _by_member(_CUISINES)


def food_glyph(main_protein: str) -> str:
    """Return the glyph, and the tint, of a dish with this main protein."""
    return _GLYPH_OF_FOOD.get(main_protein, "dish")


def cuisine_glyph(cuisine: str) -> str:
    """Return the glyph of a cuisine."""
    return _GLYPH_OF_CUISINE.get(cuisine, "international")

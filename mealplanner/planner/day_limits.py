"""How much fibre a day has at least, and salt, sugars and saturated fat at most: wishes, to which targets come first.

Sources of what is recommended to adults:

- fibre, at least 25 g: WHO, Carbohydrate intake for adults and children (2023), and EFSA, 10.2903/j.efsa.2010.1462;
- salt, less than 5 g: WHO, Sodium intake for adults and children (2012);
- saturated fat, at most 10 % of the energy: WHO, Saturated fatty acid and trans-fatty acid intake (2023);
- sugars, 90 g in 2,000 kcal: the reference intake of Regulation (EU) No 1169/2011, Annex XIII. It is for all sugars,
  those of fruit and milk too, as the food table has them; WHO's 10 % of the energy is for free sugars, which no table
  of food composition measures.

The two without a share of the energy do not change with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

AT_LEAST: Final = frozenset({"fibre_g"})
"""The limits that are to be reached; the others are not to be exceeded."""

_FIBRE_G, _SALT_G = 25.0, 5.0
_SATURATES_SHARE, _KCAL_PER_GRAM_OF_FAT = 0.10, 9
_SUGARS_G_PER_KCAL = 90 / 2000


def recommended(kcal: float) -> dict[str, float]:
    """Return the limits, in grams, that are recommended to an adult who eats `kcal` a day."""
    return {
        "saturates_g": kcal * _SATURATES_SHARE / _KCAL_PER_GRAM_OF_FAT,
        "fibre_g": _FIBRE_G,
        "sugars_g": kcal * _SUGARS_G_PER_KCAL,
        "salt_g": _SALT_G,
    }


def rescaled(limits: Mapping[str, float], kcal: float, to: float) -> dict[str, float]:
    """Return `limits` for `to` kcal a day instead of `kcal`: those that are as recommended stay so."""
    before, after = recommended(kcal), recommended(to)
    return {name: after[name] if math.isclose(grams, before[name]) else grams for name, grams in limits.items()}


def beyond(name: str, limit: float, grams: float) -> float:
    """Return by which part of `limit` the `grams` of a day lie beyond it; negative where they keep it."""
    return (limit - grams if name in AT_LEAST else grams - limit) / limit

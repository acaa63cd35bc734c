"""Heights and weights as people type them. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal

_NUMBER: Final = r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)"
_FEET: Final = re.compile(
    rf"([3-8]) ?(?:ft|feet|foot|['\u2032\u2019]) ?(?:{_NUMBER} ?(?:in|inch|inches|[\"\u2033\u201d]|'')?)?"
)
_STONE: Final = re.compile(rf"([0-9]{{1,2}}) ?(?:st|stone) ?(?:{_NUMBER} ?(?:lb|lbs|pounds?)?)?")
_PLAIN: Final = re.compile(rf"{_NUMBER} ?([a-z]*)")
_KG_IN_POUND: Final = 0.45359237
_TO_CM: Final = {"cm": 1.0, "m": 100.0, "in": 2.54, "inch": 2.54, "inches": 2.54}
_TO_KG: Final = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos"), 1.0),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), _KG_IN_POUND),
}

Units = Literal["metric", "imperial"]


def height_cm(text: str, units: Units) -> float | None:
    """Return the height in cm: 172, 1.72 m, 5 ft 8, 5'8". A bare number is read by its size, None if it cannot be."""
    tidied = " ".join(text.lower().split())
    if found := _FEET.fullmatch(tidied):
        return (int(found[1]) * 12 + _decimal(found[2] or "0")) * 2.54
    plain = _PLAIN.fullmatch(tidied)
    if plain is None:
        return None
    number, unit = _decimal(plain[1]), plain[2]
    if unit == "":
        unit = "m" if number < 3 else "in" if units == "imperial" and number < 100 else "cm"
    return number * _TO_CM[unit] if unit in _TO_CM else None


def weight_kg(text: str, units: Units) -> float | None:
    """Return the weight in kg: 70, 154 lb, 11 st 2. A bare number is in pounds with imperial `units`, else in kg."""
    tidied = " ".join(text.lower().split())
    if found := _STONE.fullmatch(tidied):
        return (int(found[1]) * 14 + _decimal(found[2] or "0")) * _KG_IN_POUND
    plain = _PLAIN.fullmatch(tidied)
    if plain is None:
        return None
    unit = plain[2] or ("lb" if units == "imperial" else "kg")
    return _decimal(plain[1]) * _TO_KG[unit] if unit in _TO_KG else None


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))

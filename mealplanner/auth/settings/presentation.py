"""An account as JSON, and the time zones as choices of a form."""

from __future__ import annotations

import functools
from typing import Any, Final

from mealplanner.auth.accounts import Account
from mealplanner.auth.settings.schemas import time_zones

_REGIONS: Final = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)

_TWELVE_HOURS: Final = frozenset({"AU", "BD", "CA", "CO", "EG", "IN", "JO", "KR", "MY", "NZ", "PH", "PK", "SA", "US"})
"""Countries in whose main languages the Unicode CLDR writes the time with twelve hours."""

_MONTH_FIRST: Final = frozenset({"CA", "CN", "HU", "JP", "KR", "PH", "TW", "US"})
"""Countries in whose main languages the Unicode CLDR writes the month before the day."""


def account_json(account: Account) -> dict[str, Any]:
    """Return what the page of the account shows."""
    return {
        "email": account.email,
        "verified": account.verified,
        "time_zone": account.time_zone,
        "units": account.units,
        "hours": account.hours,
        "dates": account.dates,
    }


def units_of(language: str | None) -> str:
    """Return the units of the country in a language tag: ounces in the three that have not gone metric."""
    return "imperial" if _country(language) in ("LR", "MM", "US") else "metric"


def hours_of(language: str | None) -> str:
    """Return how the time is read in the country of a language tag."""
    return "12h" if _country(language) in _TWELVE_HOURS else "24h"


def dates_of(language: str | None) -> str:
    """Return how a date is written in the country of a language tag."""
    return "month-first" if _country(language) in _MONTH_FIRST else "day-first"


def _country(language: str | None) -> str:
    """Return the country at the end of a language tag, in capitals; empty where it names none."""
    return language[-2:].upper() if language and language[-3:-2] == "-" else ""


@functools.cache
def zone_choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return (region, its (name, words)) to choose from, without the names that are kept for old programs only."""
    named = sorted(name.partition("/") for name in time_zones())
    return (
        ("Everywhere", (("UTC", "Universal time (UTC)"),)),
        *((region, tuple(_choice(region, rest) for name, _, rest in named if name == region)) for region in _REGIONS),
    )


def _choice(region: str, rest: str) -> tuple[str, str]:
    return f"{region}/{rest}", rest.replace("/", " \N{EN DASH} ").replace("_", " ")

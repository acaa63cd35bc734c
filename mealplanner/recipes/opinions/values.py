"""Opinions as plain values, and what they mean."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TOO_LONG: Final = "too-long"
NOT_WEEKDAYS: Final = "not-weekdays"

OPINIONS: Final[Mapping[str, str]] = {TOO_LONG: "Takes too long", NOT_WEEKDAYS: "Not for weekdays"}
"""Opinion -> how people read it."""

MEANINGS: Final[Mapping[str, str]] = {
    TOO_LONG: "We allow half as much time again for it, and quicker dishes come first.",
    NOT_WEEKDAYS: "Served on Saturdays and Sundays only.",
}
"""Opinion -> what new menus do about it."""

SATURDAY: Final = 5

Opinions = Mapping[str, frozenset[str]]
"""Slug of a dish -> what the person says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DishOpinions:
    """What a person says of one dish."""

    recipe_id: uuid.UUID
    title: str
    opinions: frozenset[str]


def with_opinion(opinions: Opinions, opinion: str) -> frozenset[str]:
    """Return the slugs of the dishes of which the person says `opinion`."""
    return frozenset(slug for slug, said in opinions.items() if opinion in said)


def barred_days(opinions: Opinions, dates: Sequence[datetime.date]) -> Mapping[str, frozenset[int]]:
    """Return slug of a dish -> the places in `dates` of the days on which it is not served."""
    weekdays = frozenset(number for number, date in enumerate(dates) if date.weekday() < SATURDAY)
    return dict.fromkeys(sorted(with_opinion(opinions, NOT_WEEKDAYS)), weekdays)

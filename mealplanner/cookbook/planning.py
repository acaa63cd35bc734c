"""The meals that a dish can be put in place of, day by day. Pure."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mealplanner.cookbook.catalogue import MEALS
from mealplanner.cookbook.page import place_json
from mealplanner.cookbook.values import Place, PlanRead


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A dish, and the meals of its kind on the days to come."""

    id: uuid.UUID
    title: str
    days: tuple[tuple[datetime.date, tuple[Place, ...]], ...]


def plan_page(read: PlanRead) -> PlanPage:
    """Return the places for a dish, of several snacks of a day the first."""
    fitting = [place for place in read.places if MEALS[place.slot] in read.row.kinds]
    return PlanPage(
        id=read.row.id,
        title=read.row.title,
        days=tuple(
            (date, tuple({place.slot: place for place in reversed(list(places))}.values())[::-1])
            for date, places in groupby(fitting, key=lambda place: place.date)
        ),
    )


def plan_json(page: PlanPage) -> dict[str, Any]:
    """Return the places for programs."""
    return {"id": str(page.id), "places": [place_json(place) for _, places in page.days for place in places]}

"""The state of a list by all of its ticks, in whatever order they came. Pure.

Each tick is a row of its own that names the ticks its sender saw. A tick stands while no other one replaces it. Two
phones that tick the same thing at once leave two ticks that stand: it is bought once, in the larger of the two amounts.
Taking a tick back takes back those that were seen, and none that the sender did not know of. The order in which ticks
come does not matter, and one that comes twice is one row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mealplanner.shopping.values import GOT, LATER, OPEN, AnyRow, Mark, Span


class Standing(NamedTuple):
    """A tick, without the subject that it is about."""

    id: uuid.UUID
    state: str
    grams: float
    replaces: Iterable[uuid.UUID]


def marks_of_foods(ticks: Iterable[AnyRow]) -> dict[str, dict[Span, Mark]]:
    """Return food -> days of a list -> the state of the food on it."""
    said: dict[tuple[str, Span], list[Standing]] = defaultdict(list)
    for tick in ticks:
        place = tick.food_id, Span(tick.first_day, tick.last_day)
        said[place].append(Standing(tick.id, tick.state, tick.grams or 0.0, tick.replaces))
    found: dict[str, dict[Span, Mark]] = defaultdict(dict)
    for (food, span), ticks_of_food in said.items():
        found[food][span] = settled(ticks_of_food)
    return dict(found)


def mark_of_item(item: Mapping[str, Any]) -> Mark:
    """Return the state of an item of one's own, which is bought or not for all lists that show it."""
    return settled(
        [
            Standing(uuid.UUID(tick["id"]), tick["state"], 0.0, [uuid.UUID(id_) for id_ in tick["replaces"]])
            for tick in item["ticks"] or ()
        ]
    )


def settled(ticks: Iterable[Standing]) -> Mark:
    """Return the state of a subject by all of its ticks."""
    known = list(ticks)
    replaced = {id_ for tick in known for id_ in tick.replaces}
    standing = sorted((tick for tick in known if tick.id not in replaced), key=lambda tick: tick.id)
    states = [tick.state for tick in standing]
    got = [state for state in states if state in GOT]
    return Mark(
        state=min(got) if got else LATER if LATER in states else OPEN,
        grams=max((tick.grams for tick in standing), default=0.0),
        ticks=tuple(tick.id for tick in standing),
    )

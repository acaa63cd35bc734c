"""The lanes of the queue: kinds of jobs that never wait for each other, since each lane has slots of its own.

A lane is a queue of the library. Their names stay: jobs wait under them during an upgrade, and workers of the release
before serve `mails` and `menus`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane, as `--lanes` and the metrics name it."""

    name: str
    queue: str


MAIL: Final = Lane(name="mail", queue="mails")
"""Mails and their links: short, and a person waits for each."""

CATALOGUE: Final = Lane(name="catalogue", queue="menus")
"""Menus from dishes that exist, and what is planned again: a core computes for a second or two."""

MODEL: Final = Lane(name="model", queue="model-menus")
"""Menus with dishes from a model: they wait for its server, many at a time."""

HOUSEKEEPING: Final = Lane(name="housekeeping", queue="housekeeping")
"""What is tidied up now and then; nothing waits for it."""

LANES: Final[Mapping[str, Lane]] = {lane.name: lane for lane in (MAIL, CATALOGUE, MODEL, HOUSEKEEPING)}

MAILS_AT_ONCE: Final = 2


def slots(lanes: Collection[Lane], *, menus: int, model_menus: int) -> dict[str, int]:
    """Return how many jobs of each queue a worker of `lanes` runs at a time."""
    at_once = {MAIL: MAILS_AT_ONCE, CATALOGUE: menus, MODEL: model_menus, HOUSEKEEPING: 1}
    return {lane.queue: at_once[lane] for lane in lanes}


def lane_of(queue: str) -> str:
    """Return the name of the lane whose queue this is; the queue's own name if it is of none."""
    return next((lane.name for lane in LANES.values() if lane.queue == queue), queue)

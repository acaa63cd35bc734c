"""A list of two days as a program reads it, and ticks on it."""

from __future__ import annotations

import uuid
from typing import Any

from tests.visitor import Visitor

DAYS = {"from": "2026-11-23", "to": "2026-11-24"}
LIST = "/shopping/?from=2026-11-23&to=2026-11-24"
ZERO = str(uuid.UUID(int=0))


def listed(person: Visitor, address: str = LIST) -> dict[str, Any]:
    """Return the lines of a list by their food."""
    answer = person.get(address, json=True)
    assert answer.status_code == 200, answer.text
    return {line["food"]: line for line in answer.get_json()["lines"]}


def own(person: Visitor, address: str = LIST) -> list[tuple[str, str]]:
    """Return the things of one's own on a list, and what is said of each."""
    return [(item["text"], item["state"]) for item in person.get(address, json=True).get_json()["own"]]


def tick(person: Visitor, **said: Any) -> Any:
    return person.post("/shopping/", json={**DAYS, **said})

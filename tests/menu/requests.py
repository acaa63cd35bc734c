"""How tests request a menu: through the form, as people do."""

from __future__ import annotations

import uuid
from typing import Final

from tests.visitor import Visitor

FORM: Final = {
    "start_date": "2026-11-23",
    "past": "yes",
    "days": "2",
    "seed": "1",
    "source": "auto",
    "overlap": "after",
}
"""A second menu begins after the first."""


def request_menu(person: Visitor, **changes: str) -> str:
    """Send the form and return the id of the menu that the answer leads to."""
    answer = person.post("/menu/", {**FORM, "idempotency_key": str(uuid.uuid4()), **changes})
    assert answer.status_code == 303, answer.text
    return answer.location.rsplit("/", 1)[1]

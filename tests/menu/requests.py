"""How tests request a menu: through the form, as people do. And how they do a worker's job for one."""

from __future__ import annotations

import datetime
import uuid
from typing import Final

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.visitor import Visitor

FORM: Final = {
    "start_date": "2026-11-23",
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


def plan(
    person: Visitor,
    database: Database,
    *,
    days: int,
    start: datetime.date = datetime.date(2026, 11, 23),
    overlap: str = "after",
) -> str:
    """Request a menu and make it at once; return the address of its page."""
    menu_id = request_menu(person, start_date=str(start), days=str(days), source="catalogue", overlap=overlap)
    generate(JobContext(database=database), menu_id=menu_id)
    return f"/menu/{menu_id}"

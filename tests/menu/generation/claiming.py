"""A worker's claim to a menu, for tests of what comes after it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from mealplanner.client import utc_now
from mealplanner.jobs.tasks import always_current
from mealplanner.menu.generation import claims
from mealplanner.menu.generation.claims import Claim
from mealplanner.storage.database import Database

Wanted = Callable[..., str]
"""Stores a menu that waits to be generated, and returns its id."""


def claim_menu(database: Database, menu_id: str) -> Claim:
    """Claim a menu, as a worker does first."""
    return database.run(
        lambda session: claims.claim(
            session, menu_id=uuid.UUID(menu_id), token=uuid.uuid4(), now=utc_now(), is_current=always_current
        )
    )

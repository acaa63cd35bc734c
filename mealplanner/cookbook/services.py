"""Rating dishes, with a look at the menus that serve them."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy.orm import Session

from mealplanner.cookbook import queries
from mealplanner.recipes import services as recipes


def rate(session: Session, user_id: uuid.UUID, recipe_id: uuid.UUID, *, value: int, today: datetime.date) -> bool:
    """Store a rating. Return whether a dish that is wanted never again is still planned from `today` on.

    Raise `NotFound`.
    """
    slug = recipes.rate(session, user_id, recipe_id, value=value)
    return value < 0 and bool(queries.serving(session, user_id, slug, today=today))

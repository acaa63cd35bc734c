"""Reading opinions."""

from __future__ import annotations

import uuid
from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mealplanner.recipes.opinions.models import Opinion
from mealplanner.recipes.opinions.values import Opinions

_OWN = select(Opinion.slug, Opinion.opinion).where(Opinion.user_id == bindparam("user_id"))
_ALL = _OWN.order_by(Opinion.said_at.desc(), Opinion.slug, Opinion.opinion)
_OF_DISH = _OWN.where(Opinion.slug == bindparam("slug"))


def opinions(session: Session, user_id: uuid.UUID) -> Opinions:
    """Return what the person says of each dish, the latest first."""
    found = defaultdict[str, set[str]](set)
    for row in session.execute(_ALL, {"user_id": user_id}):
        found[row.slug].add(row.opinion)
    return {slug: frozenset(said) for slug, said in found.items()}


def of_dish(session: Session, user_id: uuid.UUID, slug: str) -> frozenset[str]:
    """Return what the person says of one dish."""
    return frozenset(row.opinion for row in session.execute(_OF_DISH, {"user_id": user_id, "slug": slug}))

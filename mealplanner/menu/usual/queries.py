"""Reading usual meals."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mealplanner.menu.usual.models import UsualMeal
from mealplanner.menu.usual.values import SLOTS, Usual
from mealplanner.preferences import services as preferences_services
from mealplanner.preferences.values import Preferences
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import RecipeRow
from mealplanner.recipes.opinions import queries as opinions
from mealplanner.recipes.opinions.values import Opinions

_OWN = select(UsualMeal.slot, UsualMeal.weekday, UsualMeal.slug).where(UsualMeal.user_id == bindparam("user_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRows:
    """A person's usual meals, and what decides whether menus serve them."""

    usual: Sequence[Usual]
    preferences: Preferences
    ratings: Mapping[str, int]
    opinions: Opinions
    own: Sequence[RecipeRow]


def usual_meals(session: Session, user_id: uuid.UUID) -> Sequence[Usual]:
    """Return the person's usual meals, in the order of the day and of their first weekday."""
    days = defaultdict[tuple[str, str], set[int]](set)
    for row in session.execute(_OWN, {"user_id": user_id}):
        days[row.slot, row.slug].add(row.weekday)
    found = [Usual(slot=slot, slug=slug, weekdays=frozenset(on)) for (slot, slug), on in days.items()]
    return sorted(found, key=lambda usual: (SLOTS.index(usual.slot), min(usual.weekdays)))


def with_what_decides(session: Session, user_id: uuid.UUID) -> UsualRows:
    """Return the usual meals with the preferences, ratings, opinions and dishes of the person."""
    return UsualRows(
        usual=usual_meals(session, user_id),
        preferences=preferences_services.get(session, user_id).preferences,
        ratings=recipes.ratings(session, user_id),
        opinions=opinions.opinions(session, user_id),
        own=recipes.planned_recipes(session, user_id),
    )

"""What is ticked as cooked comes out of the larder, in the transaction of the tick, and back with it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from mealplanner.larder import services as larder
from mealplanner.menu.editing import queries
from mealplanner.menu.editing.rules import Pair
from mealplanner.menu.editing.values import PlacedMeal
from mealplanner.planner.model import Recipe


def stock(session: Session, user_id: uuid.UUID, changes: Sequence[Pair]) -> None:
    """Take from the larder what the meals that `changes` tick as cooked need, and put back that of unticked ones."""
    for before, after in changes:
        if before.cooked_at is not None and after.cooked_at is None:
            larder.take_back(session, user_id, after.id)
    ticked = [after for before, after in changes if before.cooked_at is None and after.cooked_at is not None]
    if ticked and larder.takes(session, user_id):
        dishes = queries.dishes(session, user_id, ids={meal.recipe_id for meal in ticked}).known
        for meal in ticked:
            larder.cooked(session, user_id, meal.id, needs(meal, dishes[meal.recipe_id]))


def needs(meal: PlacedMeal, dish: Recipe) -> dict[str, float]:
    """Return the grams of each food that go into a meal, for everyone who eats it."""
    grams: dict[str, float] = defaultdict(float)
    for item in dish.ingredients:
        grams[item.food_id] += item.grams * meal.portion * meal.servings
    return dict(grams)

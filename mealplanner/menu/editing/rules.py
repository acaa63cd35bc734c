"""What no edit may do, whatever asks for it: an edit by hand, undoing, a job. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from mealplanner.menu.editing.errors import DayOver, MealEaten, MealLocked, Refused
from mealplanner.menu.editing.journal import changed_fields
from mealplanner.menu.editing.values import OpenMenu, PlacedMeal
from mealplanner.menu.editing.wording import named
from mealplanner.menu.why.days import off_target
from mealplanner.planner.model import FIGURES, Recipe
from mealplanner.presentation.formatting import day
from mealplanner.recipes.values import Numbers

Pair = tuple[PlacedMeal, PlacedMeal]
"""A meal before and after an edit."""

_FACTS: Final = frozenset({"eaten_at", "cooked_at"})
"""What can be said of a day that is over."""

_REMARKS: Final = _FACTS | {"note", "locked"}
"""What serves nothing, and can be said of a meal that was eaten."""

_PLACE_AND_DISH: Final = frozenset({"recipe_id", "day", "position"})
"""What is kept of a meal that is locked."""


def require_allowed(menu: OpenMenu, changes: Iterable[Pair], *, today: datetime.date) -> None:
    """Raise `MealLocked` and `MealEaten` for such a meal, `DayOver`, and `Refused` for a day of another menu."""
    for before, after in changes:
        changed = changed_fields(before, after)
        if elsewhere := next((meal for meal in (before, after) if meal.day in menu.elsewhere), None):
            raise Refused(f"You planned {day(menu.date_of(elsewhere))} again in another menu. Change it there.")
        date = min(menu.date_of(before), menu.date_of(after))
        if date < today and changed - _FACTS:
            raise DayOver(date)
        if before.locked and changed & _PLACE_AND_DISH:
            raise MealLocked(named(menu, before))
        if before.eaten_at is not None and changed - _REMARKS:
            raise MealEaten(named(menu, before))


def serves(change: Pair) -> bool:
    """Whether a change puts a dish on the table: in another place or portion, or after it was skipped."""
    return bool(_served(change) - {"skipped"}) or ("skipped" in _served(change) and change[1].skipped is None)


def changes_the_table(change: Pair) -> bool:
    """Whether a change makes a difference to what is eaten when."""
    return bool(_served(change))


def begun_too_late(
    menu: OpenMenu, changes: Iterable[Pair], dishes: Mapping[uuid.UUID, Recipe], *, today: datetime.date
) -> list[PlacedMeal]:
    """Return the meals that come to another day or are another dish by now, and had to be begun the day before."""
    return [
        after
        for before, after in changes
        if (before.day, before.recipe_id) != (after.day, after.recipe_id) and menu.date_of(after) <= today
        if after.skipped is None and after.cooked_at is None and dishes[after.recipe_id].day_before
    ]


def meets_targets(meals: Iterable[PlacedMeal], targets: Numbers) -> bool:
    """Whether every day of `meals` is on target; those whose energy went to others count for nothing."""
    days: dict[int, list[PlacedMeal]] = defaultdict(list)
    for meal in meals:
        if meal.skipped != "shared":
            days[meal.day].append(meal)
    totals = (Numbers(**{name: sum(getattr(meal, name) for meal in day) for name in FIGURES}) for day in days.values())
    return not any(off_target(total, targets) for total in totals)


def _served(change: Pair) -> frozenset[str]:
    return changed_fields(*change) - _REMARKS

"""What was eaten, for pages and JSON. Pure."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import Any

from mealplanner.menu.eaten.values import History, PastMeal


def by_day(history: History) -> list[tuple[datetime.date, list[PastMeal]]]:
    """Return the meals of each day, the latest day first."""
    return [(date, list(meals)) for date, meals in groupby(history.meals, key=lambda meal: meal.planned_on)]


def history_json(history: History) -> dict[str, Any]:
    """Return a page of the history; `earlier` is where to ask for the one before."""
    return {
        "since": history.since.isoformat(),
        "until": history.until.isoformat(),
        "earlier": f"/history?until={history.earlier.isoformat()}" if history.earlier else None,
        "meals": [past_meal_json(meal) for meal in history.meals],
    }


def past_meal_json(meal: PastMeal) -> dict[str, Any]:
    """Return a meal of the past."""
    return {
        "id": str(meal.id),
        "menu_id": str(meal.menu_id),
        "version": meal.version,
        "date": meal.planned_on.isoformat(),
        "slot": meal.slot,
        "recipe": {"id": str(meal.recipe_id), "title": meal.title},
        "skipped": meal.skipped,
        "eaten_on": meal.eaten_on.isoformat() if meal.eaten_on else None,
        "cooked_on": meal.cooked_on.isoformat() if meal.cooked_on else None,
    }

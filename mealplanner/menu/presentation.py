"""Menus as JSON, in the format that programs rely on."""

from __future__ import annotations

from typing import Any

from mealplanner.menu.numbers import day_details
from mealplanner.menu.preparation import Preparation, preparations
from mealplanner.menu.values import DayValue, MealValue, MenuSummary, MenuValue
from mealplanner.paging import Part
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.presentation import details_json, ingredient_json, numbers_json


def menu_json(menu: MenuValue) -> dict[str, Any]:
    """Return a whole menu; it has no days until it is ready."""
    return {
        **summary_json(menu.summary),
        "warnings": list(menu.warnings),
        "remedies": list(menu.remedies),
        "targets": numbers_json(menu.targets),
        "day_limits": {
            name: round(grams, 1) for name, grams in Preferences(**menu.preferences).limits_of_a_day().items()
        },
        "days": [_day(day) for day in menu.days],
        "preparation": [_preparation(one) for one in preparations(menu.days)],
    }


def summaries_json(part: Part[MenuSummary]) -> dict[str, Any]:
    """Return a part of the list of menus."""
    return {"menus": [summary_json(summary) for summary in part.items]}


def summary_json(summary: MenuSummary) -> dict[str, Any]:
    """Return a menu without its meals."""
    return {
        "id": str(summary.id),
        "version": summary.version,
        "can_undo": summary.can_undo,
        "can_redo": summary.can_redo,
        "status": summary.status,
        "start_date": summary.start_date.isoformat(),
        "source": summary.source,
        "seed": summary.seed,
        "message": summary.message,
        "error_code": summary.error_code,
    }


def progress_json(summary: MenuSummary) -> dict[str, Any]:
    """Return how far a menu is."""
    return {
        "status": summary.status, "step": summary.step, "steps": summary.steps, "message": summary.message
    }  # fmt: skip


def _day(day: DayValue) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "minutes": day.minutes,
        "totals": numbers_json(day.totals),
        "details": details_json(day_details(day)),
        "replaced_by": str(day.replaced_by) if day.replaced_by else None,
        "meals": [_meal(meal) for meal in day.meals],
    }


def _preparation(one: Preparation) -> dict[str, Any]:
    return {
        "date": one.date.isoformat(),
        "meal": str(one.meal_id),
        "recipe": {"id": str(one.recipe_id), "title": one.dish},
        "text": one.text,
    }


def _meal(meal: MealValue) -> dict[str, Any]:
    recipe = meal.recipe
    return {
        "id": str(meal.id),
        "slot": meal.slot,
        "time": f"{meal.time:%H:%M}",
        "portion": meal.portion,
        "servings": meal.servings,
        "locked": meal.locked,
        "note": meal.note,
        "skipped": meal.skipped,
        "eaten": meal.eaten,
        "cooked": meal.cooked,
        "recipe": {"id": str(recipe.id), "title": recipe.title, "source": recipe.source, "minutes": recipe.minutes},
        **numbers_json(meal.numbers),
        "ingredients": [ingredient_json(line) for line in meal.ingredients],
    }

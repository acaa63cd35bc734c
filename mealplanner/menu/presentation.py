"""Menus as JSON, in the shape that programs rely on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mealplanner.menu.values import DayValue, IngredientLine, MealValue, MenuSummary, MenuValue, Numbers, RecipeValue


def menu_json(menu: MenuValue) -> dict[str, Any]:
    """A whole menu; while it is made, its days are empty."""
    return {
        **summary_json(menu.summary),
        "warnings": list(menu.warnings),
        "targets": _numbers(menu.targets),
        "days": [_day(day) for day in menu.days],
    }


def summary_json(summary: MenuSummary) -> dict[str, Any]:
    """A menu without its meals."""
    return {
        "id": str(summary.id),
        "status": summary.status,
        "start_date": summary.start_date.isoformat(),
        "source": summary.source,
        "seed": summary.seed,
        "message": summary.message,
        "error_code": summary.error_code,
    }


def progress_json(summary: MenuSummary) -> dict[str, Any]:
    """How far a menu is."""
    return {
        "status": summary.status, "step": summary.step, "steps": summary.steps, "message": summary.message
    }  # fmt: skip


def recipe_json(recipe: RecipeValue) -> dict[str, Any]:
    """A recipe for its servings; the numbers are for one."""
    plain = asdict(recipe) | {"id": str(recipe.id), **_numbers(recipe.numbers)}
    del plain["numbers"]
    return {**plain, "ingredients": [_ingredient(line) for line in recipe.ingredients]}


def _day(day: DayValue) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "minutes": day.minutes,
        "totals": _numbers(day.totals),
        "meals": [_meal(meal) for meal in day.meals],
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
        "recipe": {"id": str(recipe.id), "title": recipe.title, "source": recipe.source, "minutes": recipe.minutes},
        **_numbers(meal.numbers),
        "ingredients": [_ingredient(line) for line in meal.ingredients],
    }


def _numbers(numbers: Numbers) -> dict[str, float]:
    return {name: round(value, 1) for name, value in asdict(numbers).items()}


def _ingredient(line: IngredientLine) -> dict[str, Any]:
    return asdict(line) | {"grams": round(line.grams, 1)}

"""Plans for the terminal: made without a database, shown as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from textwrap import fill
from typing import Any, Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.model import Nutrients, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.results import Plan, PlannedDay, PlannedMeal
from mealplanner.preferences.values import Preferences

_COLUMNS: Final = 100


def plan_for(preferences: Preferences, *, days: int, seed: int) -> tuple[PlanRequest, Plan]:
    """Plan from the catalogue. Raise `NothingFits`."""
    catalogue = load_catalogue()
    request = plan_request(preferences, catalogue.foods, days=days, seed=seed, recent={}, ratings={})
    return request, plan(request, catalogue.recipes, catalogue.foods)


def plan_text(request: PlanRequest, made: Plan) -> str:
    """Return the plan as text: each day's meals, and its numbers beside the target."""
    lines = [f"Target a day: {_numbers(request.target)}"]
    for number, day in enumerate(made.days, 1):
        lines += ["", f"Day {number}", *map(_meal, day.meals), *_totals(day, request.target)]
    return "\n".join([*lines, *_advice(made)])


def _advice(made: Plan) -> Iterator[str]:
    """Yield what was missed and what helps, a sentence a line, wrapped for a terminal."""
    if made.advice:
        yield ""
    for sentence in made.advice:
        yield fill(sentence, _COLUMNS, initial_indent="- ", subsequent_indent="  ")


def plan_json(request: PlanRequest, made: Plan) -> dict[str, Any]:
    """Return the plan as JSON."""
    return {
        "seed": request.seed,
        "targets": _rounded(request.target),
        "days": [
            {"totals": _rounded(day.totals), "meals": [_meal_json(meal) for meal in day.meals]} for day in made.days
        ],
        "warnings": list(made.advice),
    }


def _meal(meal: PlannedMeal) -> str:
    what = f"{meal.recipe.title} x {meal.portion:g}"
    return f"  {meal.slot.time}  {meal.slot.name:<9}  {what:<58.58}  {meal.nutrients.kcal:5.0f} kcal"


def _totals(day: PlannedDay, target: Nutrients) -> Iterator[str]:
    yield f"  {'':>5}  {'total':<9}  {_numbers(day.totals)}"
    wanted = asdict(target)
    off = {
        name: f"{100 * (value - wanted[name]) / wanted[name]:+.1f} %"
        for name, value in asdict(day.totals).items()
        if wanted[name]
    }
    yield (
        f"  {'':>5}  {'off by':<9}  {off.get('kcal')} energy, {off.get('protein_g', '-')} protein, "
        f"{off.get('carbohydrate_g', '-')} carbohydrate, {off.get('fat_g', '-')} fat"
    )


def _meal_json(meal: PlannedMeal) -> dict[str, Any]:
    return {
        "slot": meal.slot.name,
        "time": meal.slot.time,
        "recipe": meal.recipe.slug,
        "title": meal.recipe.title,
        "portion": meal.portion,
        **_rounded(meal.nutrients),
        "ingredients": [
            {"food": item.food_id, "grams": round(item.grams * meal.portion, 1)} for item in meal.recipe.ingredients
        ],
    }


def _numbers(values: Nutrients) -> str:
    return (
        f"{values.kcal:,.0f} kcal, {values.protein_g:.0f} g protein, {values.carbohydrate_g:.0f} g carbohydrate, "
        f"{values.fat_g:.0f} g fat"
    )


def _rounded(values: Nutrients) -> dict[str, float]:
    return {name: round(value, 1) for name, value in asdict(values).items()}

"""Why a meal or a menu is what it is, as JSON."""

from __future__ import annotations

from typing import Any

from mealplanner.menu.why.values import FoodFacts, RuleSafety, ServedMeal, WhyMeal, WhyMenu
from mealplanner.planner.proof import FoodCheck
from mealplanner.recipes.presentation import numbers_json


def why_meal_json(why: WhyMeal) -> dict[str, Any]:
    """Return the reasons for a meal, and the proof that it is safe."""
    return {
        **_meal(why.meal),
        "recipe": {"id": str(why.recipe_id), "title": why.meal.dish.title},
        "reasons": [{"kind": reason.kind, "text": reason.text} for reason in why.reasons],
        "opinions": sorted(why.opinions),
        "safe": why.safe,
        "rules_changed": why.changed,
        "rules": [_rule(rule) for rule in why.rules],
        "buying": list(why.buying),
        "foods": [_food(food) for food in why.foods],
    }


def why_menu_json(why: WhyMenu) -> dict[str, Any]:
    """Return what the days of a menu reached, and the first reason for each of its meals."""
    return {
        "id": str(why.menu_id),
        "targets": numbers_json(why.targets),
        "on_target": why.on_target,
        "variety": list(why.variety),
        "buying": why.buying,
        "effort": why.effort,
        "days": [
            {
                "date": day.date.isoformat(),
                "on_target": day.on_target,
                "reached": list(day.reached),
                "variety": day.variety,
                "effort": day.effort,
                "meals": [
                    {**_meal(meal), "reason": {"kind": reason.kind, "text": reason.text}} for meal, reason in day.meals
                ],
            }
            for day in why.days
        ],
    }


def _meal(meal: ServedMeal) -> dict[str, Any]:
    return {"id": str(meal.id), "date": meal.date.isoformat(), "slot": meal.slot, "title": meal.dish.title}


def _rule(rule: RuleSafety) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "name": rule.name,
        "suits": rule.suits,
        "summary": rule.summary,
        "notes": list(rule.notes),
        "foods": [_check(check) for check in rule.checks],
    }


def _check(check: FoodCheck) -> dict[str, Any]:
    return {
        "food": check.food.id,
        "verdict": check.verdict.value,
        "contains": sorted(check.contains),
        "may_contain": sorted(check.may_contain),
        "traces": sorted(check.traces),
        "label": list(check.promises),
    }


def _food(facts: FoodFacts) -> dict[str, Any]:
    food = facts.food
    return {
        "food": food.id,
        "name": food.name,
        "contains": sorted(food.contains),
        "may_contain": sorted(food.may_contain),
        "traces": sorted(food.traces),
        "known": food.is_known,
        "source": facts.source.text if facts.source else None,
        "source_url": facts.source.address if facts.source else None,
    }

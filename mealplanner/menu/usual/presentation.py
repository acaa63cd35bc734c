"""Usual meals for pages and JSON. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from mealplanner.food.table import load_foods
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.menu.usual.notices import refusal, when
from mealplanner.menu.usual.queries import UsualRows
from mealplanner.menu.usual.values import WEEKDAYS, ShownUsualMeal, Usual
from mealplanner.planner.model import PlanRequest, Recipe
from mealplanner.planner.pool import open_pool
from mealplanner.recipes.by_slug import dishes_by_slug
from mealplanner.recipes.opinions.values import TOO_LONG, with_opinion

MOST_FOUND: Final = 12
"""Dishes that a search shows."""

GONE: Final = "A dish that is not there any more"

Dishes = Mapping[str, tuple[uuid.UUID, Recipe]]


def shown_usual_meals(rows: UsualRows) -> tuple[ShownUsualMeal, ...]:
    """Return the usual meals, each with why new menus leave it out if they do."""
    dishes, request = dishes_by_slug(rows.own), _request(rows)
    return tuple(_shown(meal, request, dishes) for meal in rows.usual)


def found_dishes(words: str, rows: UsualRows) -> tuple[tuple[str, str], ...]:
    """Return the id and the title of the dishes whose titles have all of `words` and that new menus may serve."""
    wanted = words.lower().split()
    matching = [
        (recipe_id, dish)
        for recipe_id, dish in dishes_by_slug(rows.own).values()
        if wanted and all(word in dish.title.lower() for word in wanted)
    ]
    ids = {dish.slug: recipe_id for recipe_id, dish in matching}
    admitted = open_pool(_request(rows), [dish for _, dish in matching], load_foods()).admitted()
    titles = sorted((dish.recipe.title, str(ids[dish.recipe.slug])) for dish in admitted)
    return tuple((recipe_id, title) for title, recipe_id in titles[:MOST_FOUND])


def _request(rows: UsualRows) -> PlanRequest:
    """Return what a menu of one day would ask for. A usual meal may be one that is not for weekdays otherwise."""
    request = plan_request(rows.preferences, load_foods(), days=1, seed=0, recent={}, ratings=rows.ratings)
    return replace(request, too_long=with_opinion(rows.opinions, TOO_LONG))


def usual_meals_json(usual: Iterable[ShownUsualMeal]) -> dict[str, Any]:
    """Return the usual meals of a person."""
    return {
        "usual_meals": [
            {
                "slot": meal.slot,
                "weekdays": [WEEKDAYS[day] for day in meal.weekdays],
                "recipe": {"id": str(meal.recipe_id), "title": meal.title} if meal.recipe_id else None,
                "left_out": meal.refusal,
            }
            for meal in usual
        ]
    }


def usual_json(usual: Usual) -> dict[str, Any]:
    """Return a usual meal as it is stored."""
    return {"slot": usual.slot, "weekdays": [WEEKDAYS[day] for day in sorted(usual.weekdays)], "dish": usual.slug}


def _shown(usual: Usual, request: PlanRequest, dishes: Dishes) -> ShownUsualMeal:
    recipe_id, dish = dishes.get(usual.slug, (None, None))
    return ShownUsualMeal(
        slot=usual.slot,
        weekdays=tuple(sorted(usual.weekdays)),
        words=when(usual.slot, usual.weekdays),
        recipe_id=recipe_id,
        title=dish.title if dish else GONE,
        refusal=refusal(usual.slot, dish, request),
    )

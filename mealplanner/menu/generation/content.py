"""From a plan to the rows of a finished menu. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from mealplanner.food.catalogue import Catalogue, recipe_id
from mealplanner.menu.notices import Served, dish_notices, fingerprint
from mealplanner.planner.results import Plan, Remedy
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.rows import RecipeRows, recipe_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuContent:
    """All that a finished menu stores, so that the transaction that stores it has nothing left to compute."""

    warnings: Sequence[str]
    advice: Sequence[str]
    """Those of the `warnings` that hold for these very meals, as opposed to their dishes."""
    as_planned: str
    remedies: Sequence[Mapping[str, Any]]
    catalogue_version: str
    recipes: Sequence[RecipeRows]
    meals: Sequence[Mapping[str, Any]]


def menu_content(
    plan: Plan,
    preferences: Preferences,
    catalogue: Catalogue,
    *,
    user_id: uuid.UUID,
    days: Sequence[int] | None = None,
    notices: Sequence[str] = (),
    usual: Mapping[tuple[int, str], str] = MappingProxyType({}),
) -> MenuContent:
    """Return what to store of `plan`, which is for `days`, counted from the menu's first; None: for all from there on.

    `notices` are sentences for the page of the menu. `usual` dishes, as in the request of the plan, are kept.
    """
    dishes = {meal.recipe.slug: meal.recipe for day in plan.days for meal in day.meals}
    own = dishes.keys() - {dish.slug for dish in catalogue.recipes}
    ids = {slug: recipe_id(dish, user_id if slug in own else None) for slug, dish in dishes.items()}
    meals = list(_meals(plan, ids, days or range(len(plan.days)), usual, servings=preferences.servings_per_meal))
    return MenuContent(
        warnings=[*plan.advice, *notices, *dish_notices(dishes.values(), preferences, catalogue.foods)],
        advice=plan.advice,
        as_planned=fingerprint(Served(*(meal[name] for name in Served._fields)) for meal in meals),
        remedies=stored_remedies(plan.remedies),
        catalogue_version=catalogue.version,
        recipes=[
            recipe_rows(dish for slug, dish in dishes.items() if slug not in own),
            # Already stored, unless the person deleted them meanwhile: then they are stored for this menu alone.
            recipe_rows((dishes[slug] for slug in own), owner_id=user_id, retired=True),
        ],
        meals=meals,
    )


def causes(advice: Sequence[str], remedies: Sequence[Remedy]) -> list[str]:
    """Return the sentences of `advice` that are none of its `remedies`."""
    told = {remedy.text for remedy in remedies}
    return [sentence for sentence in advice if sentence not in told]


def stored_remedies(remedies: Sequence[Remedy]) -> list[Mapping[str, Any]]:
    """Return `remedies` as a menu stores them."""
    return [{"text": remedy.text, "changes": [asdict(change) for change in remedy.changes]} for remedy in remedies]


def _meals(
    plan: Plan,
    recipe_ids: Mapping[str, uuid.UUID],
    days: Sequence[int],
    usual: Mapping[tuple[int, str], str],
    *,
    servings: int,
) -> Iterator[Mapping[str, Any]]:
    for number, (day, planned) in enumerate(zip(days, plan.days, strict=True)):
        for position, meal in enumerate(planned.meals):
            yield {
                "recipe_id": recipe_ids[meal.recipe.slug],
                "day": day,
                "position": position,
                "slot": meal.slot.name,
                "time": datetime.time.fromisoformat(meal.slot.time),
                "portion": meal.portion,
                "servings": servings,
                "locked": usual.get((number, meal.slot.name)) == meal.recipe.slug,
                **asdict(meal.nutrients),
            }

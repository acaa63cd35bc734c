"""From what was read to the rows of a finished menu: all that is computed for one. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.content import MenuContent, menu_content
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.generation.plan_request import with_own_dishes
from mealplanner.menu.usual.notices import usual_notices
from mealplanner.planner.model import PlanRequest, Recipe
from mealplanner.planner.plan import plan


def planned_content(
    user_id: uuid.UUID,
    inputs: GenerationInputs,
    request: PlanRequest,
    own: Mapping[uuid.UUID, Recipe],
    written: frozenset[uuid.UUID],
    notices: Sequence[str],
    *,
    checkpoint: Callable[[int, int], None],
) -> MenuContent:
    """Return what to store of a plan for `request`, out of the catalogue and the person's `own` dishes.

    The `written` ones of these are new, and to be served. `notices` are sentences for the page of the menu. Raise what
    `plan` raises.
    """
    catalogue = load_catalogue()
    dishes = [*catalogue.recipes, *own.values()]
    wish = with_own_dishes(request, own, favoured=written)
    return menu_content(
        plan(wish, dishes, catalogue.foods, checkpoint=checkpoint),
        inputs.preferences,
        catalogue,
        user_id=user_id,
        days=inputs.days,
        notices=[*usual_notices(inputs.usual, inputs.dates, request, dishes), *notices],
        usual=request.usual,
    )

"""The job that generates a menu: the whole way from claiming it to finishing it, each step one call.

No transaction is open while a model answers or the planner computes. What is read becomes plain values, the transaction
ends, and what came of it is stored in another short one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from mealplanner.client import utc_now
from mealplanner.food.catalogue import load_catalogue
from mealplanner.jobs.fence import our_mistake, unless_lost
from mealplanner.jobs.lanes import CATALOGUE
from mealplanner.jobs.patience import store
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.menu.generation import claims
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.generation.content import causes, stored_remedies
from mealplanner.menu.generation.dishes import write_dishes
from mealplanner.menu.generation.inputs import GenerationInputs, read_inputs
from mealplanner.menu.generation.plan_request import request_for
from mealplanner.menu.generation.planning import planned_content
from mealplanner.menu.generation.progress import DISHES_PERCENT, planning_checkpoint
from mealplanner.planner.model import Recipe
from mealplanner.planner.plan import NothingFits
from mealplanner.recipes.assembly import planner_dishes
from mealplanner.recipes.queries import planned_recipes
from mealplanner.telemetry import metrics

OUR_MISTAKE = our_mistake("Your menu was not made.")

PLANNED = "All of these days were planned in the meantime, so there was no gap left to fill."


def generate(context: JobContext, *, menu_id: str) -> None:
    """Generate the menu `menu_id`, or leave it alone when it was cancelled, deleted or claimed by another worker."""
    catalogue = load_catalogue()
    with unless_lost(f"menu {menu_id}"):
        claim, inputs = context.database.run(partial(_claim_and_read, context=context, menu_id=menu_id))
        if not inputs.days:
            _fail(context, claim, code="planned", message=PLANNED)
            return
        request = request_for(inputs, catalogue.foods)
        new = write_dishes(context, claim, inputs, request, catalogue.foods)
        own = _own_dishes(context, claim, inputs)
        try:
            content = context.compute(
                planned_content,
                claim.user_id,
                inputs,
                request,
                own,
                new.written,
                new.notices,
                checkpoint=planning_checkpoint(context, claim, start=DISHES_PERCENT if new.proposed else 0),
            )
        except NothingFits as error:
            message, remedies = " ".join(causes(error.advice, error.remedies)), stored_remedies(error.remedies)
            _fail(context, claim, code="nothing_fits", message=message, remedies=remedies)
        else:
            store(context, partial(claims.finish, claim=claim, content=content))
            metrics.MENUS.labels("ready").inc()


def give_up(context: JobContext, *, menu_id: str) -> None:
    """Tell the person that every attempt has failed, unless the menu belongs to another worker by now."""
    with unless_lost(f"menu {menu_id}"):
        claim = context.database.run(partial(_claim, context=context, menu_id=menu_id))
        _fail(context, claim, code="internal", message=OUR_MISTAKE)


def _claim(session: Session, *, context: JobContext, menu_id: str) -> Claim:
    return claims.claim(
        session, menu_id=uuid.UUID(menu_id), token=uuid.uuid4(), now=utc_now(), is_current=context.is_current
    )


def _claim_and_read(session: Session, *, context: JobContext, menu_id: str) -> tuple[Claim, GenerationInputs]:
    claim = _claim(session, context=context, menu_id=menu_id)
    return claim, read_inputs(session, claim)


def _own_dishes(context: JobContext, claim: Claim, inputs: GenerationInputs) -> Mapping[uuid.UUID, Recipe]:
    """Return the person's own dishes by id, the new ones included; for a menu from the catalogue, the usual ones."""
    if inputs.source == "catalogue" and not inputs.usual:
        return {}
    own = planner_dishes(context.database.run(partial(planned_recipes, user_id=claim.user_id)))
    usual = {meal.slug for meal in inputs.usual}
    return {id_: dish for id_, dish in own.items() if inputs.source != "catalogue" or dish.slug in usual}


def _fail(
    context: JobContext, claim: Claim, *, code: str, message: str, remedies: Sequence[Mapping[str, Any]] = ()
) -> None:
    context.database.run(partial(claims.fail, claim=claim, code=code, message=message, remedies=remedies))
    metrics.MENUS.labels("failed").inc()


GENERATE = Task(name="menu.generate", queue=CATALOGUE.queue, run=generate, failed=give_up, attempts=4)

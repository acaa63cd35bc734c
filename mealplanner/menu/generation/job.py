"""The job that makes a menu: read in one short transaction, call and plan with nothing open, write in another."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

from mealplanner import metrics
from mealplanner.client import utc_now
from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.menu.generation import claims
from mealplanner.menu.generation.claims import Order, Superseded
from mealplanner.menu.generation.dishes import SHARE, invent
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.recipes import queries as recipes

log = logging.getLogger(__name__)

BROKEN = "The menu could not be made because of a mistake on our side, which has been logged. Try again."


def generate(context: JobContext, *, menu_id: str) -> None:
    """Makes the menu `menu_id`. Stops quietly when it was cancelled, deleted or taken over meanwhile."""
    claim = functools.partial(claims.take_over, menu_id=uuid.UUID(menu_id), token=uuid.uuid4(), now=utc_now())
    try:
        _make(context, context.database.run(claim))
        metrics.MENUS.labels("ready").inc()
    except Superseded as error:
        log.info("menu %s: %s", menu_id, error)
    except NothingFits as error:
        _give_up(context, menu_id, "nothing_fits", " ".join(error.advice))


def give_up(context: JobContext, *, menu_id: str) -> None:
    """Tells the person when every attempt has failed."""
    _give_up(context, menu_id, "internal", BROKEN)


def _make(context: JobContext, order: Order) -> None:
    catalogue = load_catalogue()
    request = plan_request(
        order.preferences,
        catalogue.foods,
        days=order.days,
        seed=order.seed,
        recent=order.recent,
        ratings=order.ratings,
    )
    invented = invent(context, order, request, catalogue.foods)
    own = () if order.source == "catalogue" else context.database.run(lambda it: recipes.dishes_of(it, order.user_id))
    favoured = frozenset(dish.slug for dish in own if recipe_id(dish, order.user_id) in invented.written)
    liked = {**{dish.slug: 1 for dish in own}, **order.ratings}  # until the person says otherwise
    made = plan(
        replace(request, favoured=favoured, ratings=liked),
        [*catalogue.recipes, *own],
        catalogue.foods,
        checkpoint=_checkpoint(context, order, first=SHARE if invented.proposed else 0),
    )
    finish = functools.partial(claims.finish, order=order, plan=made, catalogue=catalogue, notices=invented.notices)
    context.database.run(finish)


def _checkpoint(context: JobContext, order: Order, *, first: int) -> Callable[[int, int], None]:
    """Tells the person how far the planning is, which begins at `first` percent of the whole."""

    def checkpoint(step: int, steps: int) -> None:
        context.check()
        percent = first + (100 - first) * step // steps
        report = functools.partial(claims.report, order=order, percent=percent, message="Balancing your meals")
        context.database.run(report)

    return checkpoint


def _give_up(context: JobContext, menu_id: str, code: str, message: str) -> None:
    context.database.run(lambda session: claims.fail(session, menu_id=uuid.UUID(menu_id), code=code, message=message))
    metrics.MENUS.labels("failed").inc()


GENERATE = Task(name="menu.generate", queue="menus", run=generate, failed=give_up, attempts=4)

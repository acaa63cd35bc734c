"""The job that makes a menu: read in one short transaction, plan with nothing open, write in another."""

from __future__ import annotations

import functools
import logging
import uuid

from mealplanner import metrics
from mealplanner.food.catalogue import load_catalogue
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.menu import making
from mealplanner.menu.making import Order, Superseded
from mealplanner.menu.request import plan_request
from mealplanner.planner.model import Plan
from mealplanner.planner.plan import NothingFits, plan

log = logging.getLogger(__name__)

BROKEN = "The menu could not be made because of a mistake on our side, which has been logged. Try again."


def generate(context: JobContext, *, menu_id: str) -> None:
    """Makes the menu `menu_id`. Stops quietly when it was cancelled, deleted or taken over meanwhile."""
    token = uuid.uuid4()
    try:
        order = context.database.run(functools.partial(making.take_over, menu_id=uuid.UUID(menu_id), token=token))
        _make(context, order)
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
    own = () if order.source == "catalogue" else order.own
    request = plan_request(
        order.preferences,
        catalogue.foods,
        days=order.days,
        seed=order.seed,
        recent=order.recent,
        ratings=order.ratings,
    )

    def checkpoint(step: int, steps: int) -> None:
        context.check()
        message = f"Balancing your meals, {100 * step // steps} %"
        context.database.run(lambda session: making.report(session, order, step=step, steps=steps, message=message))

    made: Plan = plan(request, [*catalogue.recipes, *own], catalogue.foods, checkpoint=checkpoint)
    context.database.run(lambda session: making.finish(session, order, plan=made, catalogue=catalogue))


def _give_up(context: JobContext, menu_id: str, code: str, message: str) -> None:
    context.database.run(lambda session: making.fail(session, menu_id=uuid.UUID(menu_id), code=code, message=message))
    metrics.MENUS.labels("failed").inc()


GENERATE = Task(name="menu.generate", queue="menus", run=generate, failed=give_up, attempts=4)

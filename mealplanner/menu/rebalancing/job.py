"""The job that plans the rest of a menu again. Nothing is open while it computes.

What it finds is stored as one edit of the menu, which can be undone, if the menu is still as the person saw it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.client import utc_now
from mealplanner.errors import Conflict, NotFound
from mealplanner.jobs.fence import our_mistake, unless_lost
from mealplanner.jobs.lanes import CATALOGUE
from mealplanner.jobs.patience import store
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.menu.editing import queries as editing
from mealplanner.menu.editing import services as edits
from mealplanner.menu.editing.decisions import Serving
from mealplanner.menu.editing.errors import Refused, StaleMenu
from mealplanner.menu.editing.values import Kitchen, Moment
from mealplanner.menu.rebalancing import claims
from mealplanner.menu.rebalancing.claims import Claim
from mealplanner.menu.rebalancing.planning import ALL_BALANCED, balanced, open_meals

DONE = "Your menu is balanced again."
CHANGED = "You changed this menu meanwhile, so it was left as it is. Balance it again if you still want to."
OUR_MISTAKE = our_mistake("Your menu is as it was.")


def rebalance(context: JobContext, *, menu_id: str) -> None:
    """Plan the rest of `menu_id` again, or leave it alone when that was cancelled or claimed by another worker."""
    with unless_lost(f"the rebalancing of menu {menu_id}", NotFound):
        claim, kitchen, zone = context.database.run(partial(_claim_and_read, context=context, menu_id=menu_id))
        moment = _moment(zone)
        try:
            if kitchen.menu.version != claim.version:
                raise StaleMenu
            meals = open_meals(kitchen.menu, date=None, now=moment.now.astimezone(zone))
            kitchen = replace(kitchen, today=moment.today)
            servings = context.compute(balanced, kitchen, meals, checkpoint=_checkpoint(context, claim))
            if servings:
                store(context, partial(_store, claim=claim, servings=servings, moment=_moment(zone)))
            else:
                _finish(context, claim, status="done", message=ALL_BALANCED)
        except StaleMenu:
            _finish(context, claim, status="changed", message=CHANGED)
        except (Refused, Conflict) as error:
            _finish(context, claim, status="failed", message=str(error))


def give_up(context: JobContext, *, menu_id: str) -> None:
    """Tell the person that every attempt has failed, unless another worker has the job by now."""
    with unless_lost(f"the rebalancing of menu {menu_id}", NotFound):
        claim = context.database.run(partial(_claim, context=context, menu_id=menu_id))
        _finish(context, claim, status="failed", message=OUR_MISTAKE)


def _claim(session: Session, *, context: JobContext, menu_id: str) -> Claim:
    return claims.claim(session, menu_id=uuid.UUID(menu_id), token=uuid.uuid4(), is_current=context.is_current)


def _claim_and_read(session: Session, *, context: JobContext, menu_id: str) -> tuple[Claim, Kitchen, ZoneInfo]:
    claim = _claim(session, context=context, menu_id=menu_id)
    zone = session.scalars(select(User.time_zone).where(User.id == claim.user_id)).one()
    return claim, editing.kitchen(session, claim.user_id, claim.menu_id), ZoneInfo(zone)


def _store(session: Session, *, claim: Claim, servings: Mapping[uuid.UUID, Serving], moment: Moment) -> None:
    claims.finish(session, claim, status="done", message=DONE)
    edits.replace_meals(
        session,
        claim.user_id,
        claim.menu_id,
        version=claim.version,
        what="rebalance",
        servings=servings,
        moment=moment,
    )


def _finish(context: JobContext, claim: Claim, *, status: str, message: str) -> None:
    context.database.run(partial(claims.finish, claim=claim, status=status, message=message))


def _checkpoint(context: JobContext, claim: Claim) -> Callable[[int, int], None]:
    def checkpoint(step: int, steps: int) -> None:
        context.check()
        percent = 100 * step // steps
        context.database.run(
            partial(claims.report_progress, claim=claim, percent=percent, message="Balancing your meals")
        )

    return checkpoint


def _moment(zone: ZoneInfo) -> Moment:
    now = utc_now()
    return Moment(now=now, today=now.astimezone(zone).date())


REBALANCE = Task(name="menu.rebalance", queue=CATALOGUE.queue, run=rebalance, failed=give_up, attempts=3)

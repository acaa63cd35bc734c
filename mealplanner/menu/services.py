"""Requesting, cancelling and deleting menus."""

from __future__ import annotations

import datetime
import random
import uuid
from dataclasses import asdict, dataclass

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.config.model_server import ModelServer
from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.errors import Conflict, Invalid, NotFound
from mealplanner.jobs.lanes import CATALOGUE, MODEL
from mealplanner.jobs.queue import cancel as cancel_job
from mealplanner.jobs.queue import enqueue
from mealplanner.menu import queries
from mealplanner.menu.errors import KeyUsed, StillBeingMade
from mealplanner.menu.generation.job import GENERATE
from mealplanner.menu.generation.plan_request import macros
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu, Proposal
from mealplanner.menu.planned_days import services as planned_days
from mealplanner.menu.planned_days.overlaps import AFTER
from mealplanner.planner.targets import daily_target
from mealplanner.preferences import services as preferences_services
from mealplanner.recipes.models import Recipe
from mealplanner.spending import services as spending
from mealplanner.spending.errors import BudgetSpent
from mealplanner.spending.values import limits_of

MAXIMUM_SEED = 2**31 - 1
NO_MODEL = "This installation has no model to write dishes. Choose the catalogue instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuRequest:
    """What a person asks for."""

    start_date: datetime.date | None
    """None: the first day from today on that no menu covers."""
    days: int
    source: str
    seed: int | None
    """None: at random."""
    overlap: str | None
    """What to do with days that are planned already, among `overlaps.WAYS`; None: ask."""
    idempotency_key: uuid.UUID
    """Requests with the same key are the same request, sent twice."""

    def is_over(self, today: datetime.date) -> bool:
        """Return whether all the days asked for lie before `today`."""
        return self.start_date is not None and self.start_date + datetime.timedelta(days=self.days) <= today

    def is_met_by(self, menu: Menu) -> bool:
        """Return whether `menu` is what this request asks for, as far as the row still tells."""
        start = menu.start_date if self.start_date is None else self.start_date
        begins = start <= menu.start_date if self.overlap == AFTER else start == menu.start_date
        return (
            begins
            and (menu.days, menu.source) == (self.days, self.source)
            and self.seed in (None, menu.seed)
            and menu.overlap in (None, self.overlap)
        )


def generate(
    session: UnitOfWorkSession,
    user_id: uuid.UUID,
    *,
    request: MenuRequest,
    model: ModelServer | None,
    now: datetime.datetime,
    today: datetime.date,
    rng: random.Random,
) -> uuid.UUID:
    """Store a menu and enqueue the job that generates it; return the id of the menu to show. `today` is the person's.

    That is the menu with the same key when the form was sent twice. Raise `KeyUsed` when that form asked for something
    else, and `StillBeingMade` when another menu is unfinished; `Invalid` when a model is asked for and none is set up,
    or its budget for this month is spent; and what `planned_days.settle` raises about the days.
    """
    if request.source == "model":
        _require_model(session, user_id, model, now)
    if (known := _known(session, user_id, request)) is not None:
        return known
    menu = _new_menu(session, user_id, request, today, rng)
    try:
        with savepoint(session):
            session.add(menu)
            session.flush()  # of two requests at once, the unique indexes decide here which is first
    except Conflict:
        winner = _known(session, user_id, request)
        if winner is None:
            raise
        return winner
    lane = CATALOGUE if model is None or request.source == "catalogue" else MODEL
    menu.job_id = enqueue(session, GENERATE, person=user_id, lane=lane, menu_id=str(menu.id))
    return menu.id


def cancel(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Cancel a menu that is not finished yet, and its job. Raise `NotFound`."""
    unfinished = update(Menu).where(Menu.id == menu_id, Menu.user_id == user_id, Menu.status.in_(IN_FLIGHT))
    cancelled = unfinished.values(status="cancelled", message="You cancelled this menu.").returning(Menu.job_id)
    menu = session.execute(cancelled).one_or_none()
    if menu is None:
        _require(session, user_id, menu_id)
    elif menu.job_id is not None:
        cancel_job(session, menu.job_id)


def delete(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Delete a menu with its meals, and cancel its job. Days that it replaced are served by the older menu again.

    Raise `NotFound`.
    """
    cancel(session, user_id, menu_id)
    spending.forget_texts(session, user_id, menu_id)
    this = sql_delete(Menu).where(Menu.id == menu_id, Menu.user_id == user_id)
    start = session.scalar(this.returning(Menu.start_date))
    if start is not None:  # else another request has just deleted it
        planned_days.take_unowned(session, user_id, since=start)
    _sweep_recipes(session, user_id)


def delete_all(session: Session, user_id: uuid.UUID) -> None:
    """Delete every menu of a person with its meals, and cancel their jobs."""
    deleted = sql_delete(Menu).where(Menu.user_id == user_id).returning(Menu.job_id, Menu.status)
    for menu in session.execute(deleted).all():
        if menu.job_id is not None and menu.status in IN_FLIGHT:
            cancel_job(session, menu.job_id)


def _sweep_recipes(session: Session, user_id: uuid.UUID) -> None:
    """Delete the dishes that the person deleted before and that no menu serves, or had written, any more."""
    unserved = ~select(Meal.id).where(Meal.recipe_id == Recipe.id).exists()
    unasked = ~select(Proposal.menu_id).where(Proposal.recipe_id == Recipe.id).exists()
    session.execute(
        sql_delete(Recipe).where(Recipe.owner_id == user_id, Recipe.retired_at.is_not(None), unserved, unasked)
    )


def _require_model(session: Session, user_id: uuid.UUID, model: ModelServer | None, now: datetime.datetime) -> None:
    if model is None:
        raise Invalid({"source": [NO_MODEL]})
    try:
        spending.refuse_if_spent(session, user_id, limits=limits_of(model), now=now)
    except BudgetSpent as error:
        raise Invalid({"source": [f"{error} Choose the catalogue instead."]}) from None


def _known(session: Session, user_id: uuid.UUID, request: MenuRequest) -> uuid.UUID | None:
    """Return the menu that `request` made when it was sent before. Raise `KeyUsed` and `StillBeingMade`."""
    same_key = Menu.idempotency_key == request.idempotency_key
    query = select(Menu).where(Menu.user_id == user_id, same_key | Menu.status.in_(IN_FLIGHT))
    menu = session.scalars(query.order_by(same_key.desc()).limit(1)).one_or_none()
    if menu is None:
        return None
    if menu.idempotency_key != request.idempotency_key:
        raise StillBeingMade(menu.id, menu.start_date, menu.days, same=request.is_met_by(menu))
    if not request.is_met_by(menu):
        raise KeyUsed(menu.start_date, menu.days)
    return menu.id


def _new_menu(
    session: Session, user_id: uuid.UUID, request: MenuRequest, today: datetime.date, rng: random.Random
) -> Menu:
    preferences = preferences_services.get(session, user_id).preferences
    target = daily_target(preferences.calorie_goal, *macros(preferences))
    start = request.start_date or queries.first_free_day(session, user_id, today)
    start, overlap = planned_days.settle(
        session, user_id, start=start, days=request.days, overlap=request.overlap, today=today
    )
    return Menu(
        user_id=user_id,
        idempotency_key=request.idempotency_key,
        start_date=start,
        overlap=overlap,
        days=request.days,
        source=request.source,
        seed=rng.randint(0, MAXIMUM_SEED) if request.seed is None else request.seed,
        preferences=preferences.for_a_menu(),
        targets=asdict(target),
    )


def _require(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    if session.scalar(select(Menu.id).where(Menu.id == menu_id, Menu.user_id == user_id)) is None:
        raise NotFound

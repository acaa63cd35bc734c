"""What a person does with menus: ask for one, cancel it, delete it."""

from __future__ import annotations

import datetime
import random
import uuid
from dataclasses import asdict, dataclass

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.config.model_server import ModelServer
from mealplanner.db.uow import savepoint
from mealplanner.errors import Conflict, Invalid, NotFound
from mealplanner.jobs.queue import cancel as cancel_job
from mealplanner.jobs.queue import enqueue
from mealplanner.menu.generation.job import GENERATE
from mealplanner.menu.generation.plan_request import macros
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu, Proposal
from mealplanner.planner.targets import daily_target
from mealplanner.preferences import services as preferences_services
from mealplanner.recipes.models import Recipe
from mealplanner.spending import services as spending
from mealplanner.spending.errors import BudgetSpent
from mealplanner.spending.values import limits_of

MOST_SEED = 2**31 - 1
NO_MODEL = "Dishes from a model are not set up on this installation. Use the catalogue."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for. The same `idempotency_key` twice is one wish; `seed` None leaves it to chance."""

    start_date: datetime.date
    days: int
    source: str
    seed: int | None
    idempotency_key: uuid.UUID


def generate(
    session: Session,
    user_id: uuid.UUID,
    *,
    wish: Wish,
    model: ModelServer | None,
    now: datetime.datetime,
    rng: random.Random,
) -> uuid.UUID:
    """Writes the menu's row and its job together; returns the id of the menu to look at.

    That is the menu of the same key when the form was sent twice, and the one in the making when there is one.
    Raises `Invalid` when a model is asked for and none is set up, or the month's budget for it is spent.
    """
    if wish.source == "model":
        _require_model(session, user_id, model, now)
    if (known := _already(session, user_id, wish.idempotency_key)) is not None:
        return known
    menu = _new_menu(session, user_id, wish, rng)
    try:
        with savepoint(session):
            session.add(menu)
            session.flush()  # the unique indexes decide here which of two requests at once is first
    except Conflict:
        winner = _already(session, user_id, wish.idempotency_key)
        if winner is None:
            raise
        return winner
    menu.job_id = enqueue(session, GENERATE, menu_id=str(menu.id))
    return menu.id


def cancel(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Stops the making of a menu, and its job with it; one that is finished stays as it is. Raises `NotFound`."""
    stopped = update(Menu).where(Menu.id == menu_id, Menu.user_id == user_id, Menu.status.in_(IN_FLIGHT))
    job_id = session.execute(
        stopped.values(status="cancelled", message="You cancelled this menu.").returning(Menu.job_id)
    ).one_or_none()
    if job_id is None:
        _must_exist(session, user_id, menu_id)
    elif job_id[0] is not None:
        cancel_job(session, job_id[0])


def delete(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Deletes a menu with its meals, and stops its making. Raises `NotFound`."""
    cancel(session, user_id, menu_id)
    spending.forget_texts(session, user_id, menu_id)
    session.execute(sql_delete(Menu).where(Menu.id == menu_id, Menu.user_id == user_id))
    _sweep_recipes(session, user_id)


def delete_all(session: Session, user_id: uuid.UUID) -> None:
    """Deletes every menu of a person with its meals, and stops what is being made."""
    gone = sql_delete(Menu).where(Menu.user_id == user_id).returning(Menu.job_id, Menu.status)
    for job_id, status in session.execute(gone).all():
        if job_id is not None and status in IN_FLIGHT:
            cancel_job(session, job_id)


def _sweep_recipes(session: Session, user_id: uuid.UUID) -> None:
    """Deletes the dishes that their owner deleted before, and that no menu serves, or was written for, any more."""
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
        raise Invalid({"source": [f"{error} Use the catalogue."]}) from None


def _already(session: Session, user_id: uuid.UUID, key: uuid.UUID) -> uuid.UUID | None:
    """The menu of this very form, else the one in the making."""
    candidates = (Menu.idempotency_key == key) | Menu.status.in_(IN_FLIGHT)
    query = select(Menu.id).where(Menu.user_id == user_id, candidates).order_by((Menu.idempotency_key == key).desc())
    return session.scalars(query.limit(1)).one_or_none()


def _new_menu(session: Session, user_id: uuid.UUID, wish: Wish, rng: random.Random) -> Menu:
    preferences = preferences_services.get(session, user_id).preferences
    target = daily_target(preferences.calorie_goal, *macros(preferences))
    return Menu(
        user_id=user_id,
        idempotency_key=wish.idempotency_key,
        start_date=wish.start_date,
        days=wish.days,
        source=wish.source,
        seed=rng.randint(0, MOST_SEED) if wish.seed is None else wish.seed,
        preferences=preferences.as_dict(),
        targets=asdict(target),
    )


def _must_exist(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    if session.scalar(select(Menu.id).where(Menu.id == menu_id, Menu.user_id == user_id)) is None:
        raise NotFound

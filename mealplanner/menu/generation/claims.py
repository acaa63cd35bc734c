"""What the worker writes while it makes a menu: each a short transaction, each only while the menu is still its own.

A worker takes a menu over by writing a fresh token. From then on every write asks for that token and for the status
`running`; when no row answers, the menu was cancelled, deleted or taken over, and `Superseded` is raised.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Row, Update, func, select, update
from sqlalchemy.orm import Session

from mealplanner.errors import Conflict
from mealplanner.food.catalogue import Catalogue, recipe_id
from mealplanner.menu.generation.buying_notes import buying_notes
from mealplanner.menu.models import IN_FLIGHT, Meal, Menu
from mealplanner.planner.model import Plan, PlannedMeal
from mealplanner.planner.version import PLANNER_VERSION
from mealplanner.preferences.values import Preferences
from mealplanner.recipes import queries as recipes_queries
from mealplanner.recipes import services as recipes
from mealplanner.recipes.models import Recipe
from mealplanner.spending import services as spending

REMEMBERED_DAYS = 28
"""Dishes eaten in this many days before a menu make room for others."""


class Superseded(Conflict):
    """This worker's menu is not its own any more: stop at once, and write nothing."""

    message = "The menu was cancelled, deleted or taken over."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """All that the making of one menu needs, read once."""

    menu_id: uuid.UUID
    user_id: uuid.UUID
    token: uuid.UUID
    source: str
    preferences: Preferences
    days: int
    seed: int
    recent: Mapping[str, int]
    """Slug of a dish -> days between its last meal and the first day, for the days that are remembered."""
    recent_titles: tuple[str, ...]
    """What these dishes are called, the latest first."""
    ratings: Mapping[str, int]


def take_over(session: Session, *, menu_id: uuid.UUID, token: uuid.UUID, now: datetime.datetime) -> Order:
    """Makes the menu this worker's own; calls of the model that a dead worker left are settled.

    Raises `Superseded` when there is nothing to do any more.
    """
    columns = (Menu.user_id, Menu.source, Menu.preferences, Menu.start_date, Menu.days, Menu.seed)
    claim = update(Menu).where(Menu.id == menu_id, Menu.status.in_(IN_FLIGHT))
    row = session.execute(
        claim.values(status="running", token=token, message="Reading your preferences").returning(*columns)
    ).one_or_none()
    if row is None:
        raise Superseded
    spending.settle_abandoned(session, menu_id, now=now)
    eaten = _eaten(session, row.user_id, row.start_date)
    return Order(
        menu_id=menu_id,
        user_id=row.user_id,
        token=token,
        source=row.source,
        preferences=Preferences(**row.preferences),
        days=row.days,
        seed=row.seed,
        recent={slug: (row.start_date - date).days for slug, _, date in reversed(eaten)},
        recent_titles=tuple(dict.fromkeys(title for _, title, _ in eaten)),
        ratings=recipes_queries.ratings(session, row.user_id),
    )


def report(session: Session, order: Order, *, percent: int, message: str) -> None:
    """Says how far the making is, and never less than was said before, by whichever worker."""
    _write(session, _mine(order).values(step=func.greatest(Menu.step, percent), steps=100, message=message))


def finish(session: Session, order: Order, *, plan: Plan, catalogue: Catalogue, notices: Sequence[str] = ()) -> None:
    """Stores the meals and declares the menu ready. `notices` are sentences for its page."""
    dishes = {meal.recipe.slug: meal.recipe for day in plan.days for meal in day.meals}.values()
    rules = (order.preferences.diet_type, *order.preferences.dietary_restrictions)
    ready = _mine(order).values(
        status="ready",
        step=Menu.steps,
        message="Ready",
        warnings=[*plan.advice, *notices, *buying_notes(rules, dishes, catalogue.foods)],
        planner_version=PLANNER_VERSION,
        catalogue_version=catalogue.version,
        finished_at=func.now(),
    )
    _write(session, ready)
    listed = {dish.slug for dish in catalogue.recipes}
    recipes.store(session, [dish for dish in dishes if dish.slug in listed])
    own = [dish for dish in dishes if dish.slug not in listed]
    recipes.store(session, own, owner_id=order.user_id, retired=True)  # writes those alone that were deleted meanwhile
    owners = {dish.slug: order.user_id for dish in own}
    session.add_all(
        _meal(order, meal, day, position, owners.get(meal.recipe.slug))
        for day, planned in enumerate(plan.days)
        for position, meal in enumerate(planned.meals)
    )


def fail(session: Session, *, menu_id: uuid.UUID, code: str, message: str) -> None:
    """Gives up, whoever the menu belongs to; one that is finished or cancelled stays as it is."""
    given_up = update(Menu).where(Menu.id == menu_id, Menu.status.in_(IN_FLIGHT))
    session.execute(given_up.values(status="failed", error_code=code, message=message, finished_at=func.now()))


def _mine(order: Order) -> Update:
    owned = (Menu.id == order.menu_id, Menu.token == order.token, Menu.status == "running")
    return update(Menu).where(*owned)


def _write(session: Session, statement: Update) -> None:
    if session.execute(statement.returning(Menu.id)).one_or_none() is None:
        raise Superseded


def _eaten(session: Session, user_id: uuid.UUID, start: datetime.date) -> Sequence[Row[str, str, datetime.date]]:
    """(slug, title, date of its last meal) of each recipe in the days before `start` that are remembered, the latest
    first. A dish that was mended meanwhile has several recipes."""
    last = func.max(Menu.start_date + Meal.day)
    eaten = Menu.start_date + Meal.day
    query = (
        select(Recipe.slug, Recipe.title, last)
        .select_from(Meal)
        .join(Menu, Menu.id == Meal.menu_id)
        .join(Recipe, Recipe.id == Meal.recipe_id)
        .where(Menu.user_id == user_id, Menu.status == "ready")
        .where(eaten >= start - datetime.timedelta(days=REMEMBERED_DAYS), eaten < start)
        .group_by(Recipe.slug, Recipe.title)
        .order_by(last.desc(), Recipe.slug)
    )
    return session.execute(query).all()


def _meal(order: Order, meal: PlannedMeal, day: int, position: int, owner_id: uuid.UUID | None) -> Meal:
    return Meal(
        menu_id=order.menu_id,
        recipe_id=recipe_id(meal.recipe, owner_id),
        day=day,
        position=position,
        slot=meal.slot.name,
        time=datetime.time.fromisoformat(meal.slot.time),
        portion=meal.portion,
        servings=order.preferences.servings_per_meal,
        **asdict(meal.nutrients),
    )

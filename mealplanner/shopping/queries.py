"""Reading lists: one query for what the meals ask for, one for what was ticked, and one for everything else."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from sqlalchemy import Date, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session

from mealplanner.db import read
from mealplanner.larder.queries import larder_with_moves
from mealplanner.menu.models import Meal, Menu, ends_after
from mealplanner.menu.planned_days.ownership import belongs_elsewhere
from mealplanner.recipes.models import Recipe, RecipeIngredient
from mealplanner.recipes.queries import COMPOSITION
from mealplanner.shopping.models import Baseline, FoodNote, OwnItem, ShoppingHabits, Tick
from mealplanner.shopping.values import GOT, AnyRow, ListRows, PlannedSpan, Span

_menus, _meals, _recipes = Menu.__table__.c, Meal.__table__.c, Recipe.__table__.c
_parts = RecipeIngredient.__table__.c
_ticks, _items, _baselines = Tick.__table__.c, OwnItem.__table__.c, Baseline.__table__.c
_habits, _notes = ShoppingHabits.__table__.c, FoodNote.__table__.c

_USER = bindparam("user_id", type_=Uuid)
_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_date = _menus.start_date + _meals.day

_NEEDS = (
    select(
        _date.label("date"), _meals.id, _meals.slot, _meals.portion, _meals.servings, _meals.recipe_id, _recipes.title,
        _recipes.makes, _recipes.keeps_days, *COMPOSITION,
    )
    .select_from(Menu.__table__)
    .join(Meal.__table__, _meals.menu_id == _menus.id)
    .join(Recipe.__table__, _recipes.id == _meals.recipe_id)
    .where(_menus.user_id == _USER, _menus.status == "ready", _meals.skipped.is_(None))
    .where(ends_after(_FIRST), _menus.start_date <= _LAST)
    .where(_date.between(_FIRST, _LAST) | (_recipes.makes > 1), ~belongs_elsewhere(_date))
    .order_by(_date, _meals.position)
)  # fmt: skip
"""A date belongs to one menu, and only the meals of that menu count; skipped meals are not cooked.

Of dishes that last for several meals, those of other days of the same menus are read too: what was cooked on the day
before a list begins is not bought again, and what is cooked on its last day is enough for the days after.
"""

_TICKS = (
    select(
        _ticks.id, _ticks.first_day, _ticks.last_day, _ticks.food_id, _ticks.state, _ticks.grams, _ticks.replaces,
    )
    .where(_ticks.user_id == _USER, _ticks.food_id.is_not(None))
    .where(_ticks.last_day >= _FIRST, _ticks.first_day <= _LAST)
)  # fmt: skip

_later = Tick.__table__.alias("later")
_REPLACED = select(_later.c.id).where(
    _later.c.user_id == _ticks.user_id, _later.c.item_id == _ticks.item_id, _ticks.id == any_(_later.c.replaces)
)
_OF_ITEM = (_ticks.item_id == _items.id) & (_ticks.user_id == _items.user_id)
_GOT = select(_ticks.id).where(_OF_ITEM, _ticks.state.in_(sorted(GOT)), ~_REPLACED.exists()).exists()
_TICK = func.jsonb_build_object("id", _ticks.id, "state", _ticks.state, "replaces", _ticks.replaces)
_ITEM = func.jsonb_build_object(
    "id", _items.id, "text", _items.text,
    "ticks", select(func.jsonb_agg(_TICK, type_=JSONB)).where(_OF_ITEM).scalar_subquery(),
)  # fmt: skip
_REST = select(
    select(func.jsonb_agg(aggregate_order_by(_ITEM, _items.added_at, _items.id), type_=JSONB))
    .where(_items.user_id == _USER, _items.removed_at.is_(None), _items.first_day <= _LAST)
    .where((_items.last_day >= _FIRST) | ~_GOT)
    .scalar_subquery()
    .label("items"),
    select(func.jsonb_object_agg(_notes.food_id, _notes.text, type_=JSONB))
    .where(_notes.user_id == _USER)
    .scalar_subquery()
    .label("notes"),
    select(_habits.aisles).where(_habits.user_id == _USER).scalar_subquery().label("aisles"),
    select(_baselines.needs)
    .where(_baselines.user_id == _USER, _baselines.first_day == _FIRST, _baselines.last_day == _LAST)
    .scalar_subquery()
    .label("baseline"),
)
"""An item of one's own that was not bought stays on the lists of later days."""

_SPANS = (
    select(_menus.id, _menus.start_date, _menus.days)
    .where(_menus.user_id == _USER)
    .where(
        (_menus.id == bindparam("menu_id", type_=Uuid))
        | ((_menus.status == "ready") & ends_after(bindparam("since", type_=Date)))
    )
    .order_by(_menus.start_date, _menus.created_at)
)


_PLANNED = (
    select(_parts.food_id)
    .join(Meal.__table__, _meals.recipe_id == _parts.recipe_id)
    .join(Menu.__table__, _menus.id == _meals.menu_id)
    .where(_menus.user_id == _USER, _parts.food_id == bindparam("food"))
    .limit(1)
)


def list_rows(session: Session, user_id: uuid.UUID, span: Span) -> ListRows:
    """Return all that the list of these days is made of."""
    these = {"user_id": user_id, "first": span.first, "last": span.last}
    ticks = read(session, _TICKS, these).all()
    first = min((tick.first_day for tick in ticks), default=span.first)
    last = max((tick.last_day for tick in ticks), default=span.last)
    rest = read(session, _REST, these).one()
    return ListRows(
        span=span,
        meals=meals_of(session, user_id, Span(min(first, span.first), max(last, span.last))),
        ticks=ticks,
        items=rest.items or (),
        notes=rest.notes or {},
        aisles=rest.aisles or (),
        baseline=rest.baseline,
        larder=larder_with_moves(session, user_id),
    )


def meals_of(session: Session, user_id: uuid.UUID, span: Span) -> Sequence[AnyRow]:
    """Return the meals of these days that count, with what is in one serving of each, and others of their batches."""
    return read(session, _NEEDS, {"user_id": user_id, "first": span.first, "last": span.last}).all()


def is_planned(session: Session, user_id: uuid.UUID, food: str) -> bool:
    """Return whether a dish of the person's menus has `food`."""
    return session.scalar(_PLANNED, {"user_id": user_id, "food": food}) is not None


def aisles(session: Session, user_id: uuid.UUID) -> Sequence[str]:
    """Return the person's own order of aisles; empty where they have none."""
    return session.scalar(select(ShoppingHabits.aisles).where(ShoppingHabits.user_id == user_id)) or ()


def planned_spans(
    session: Session, user_id: uuid.UUID, *, since: datetime.date, menu_id: uuid.UUID | None = None
) -> list[PlannedSpan]:
    """Return the days of the person's finished menus that reach to `since` or beyond, and those of `menu_id`."""
    found = read(session, _SPANS, {"user_id": user_id, "since": since, "menu_id": menu_id})
    a_day = datetime.timedelta(days=1)
    return [
        PlannedSpan(menu_id=row.id, span=Span(row.start_date, row.start_date + (row.days - 1) * a_day)) for row in found
    ]

"""Writing to lists: ticks, items, notes and aisles. Simultaneous requests all count, in whatever order they come."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid
from mealplanner.food.pack_table import sale_of
from mealplanner.food.table import load_foods
from mealplanner.larder import services as larder
from mealplanner.shopping import queries
from mealplanner.shopping.errors import UsedId
from mealplanner.shopping.models import Baseline, FoodNote, OwnItem, ShoppingHabits, Tick
from mealplanner.shopping.needs import cause_of, needs
from mealplanner.shopping.ticks import Standing, settled
from mealplanner.shopping.values import MOST_ITEMS, Said, Span

UNKNOWN_FOOD = "There is no such food. Please reload the page."
TOO_MANY = f"A list holds {MOST_ITEMS} things of your own. Take some away first."


def say(session: Session, user_id: uuid.UUID, span: Span, said: Said, *, share_id: uuid.UUID | None = None) -> None:
    """Store a tick; sent twice under one id it counts once.

    A food that no meal needs any more can be ticked like any other. Raise `Invalid` for one that no shop sells,
    `UnknownItem` for an item that was never on the list, and `UsedId` when something else was sent under the id.
    """
    food = said.subject if isinstance(said.subject, str) else None
    if food is not None:
        _require_sold(session, user_id, food, "food")
    what = {
        "first_day": span.first,
        "last_day": span.last,
        "food_id": food,
        "item_id": None if food is not None else said.subject,
        "state": said.state,
        "grams": said.grams,
    }
    tick = insert(Tick).values(user_id=user_id, id=said.id, **what, replaces=list(said.replaces), share_id=share_id)
    if session.scalar(tick.on_conflict_do_nothing().returning(Tick.id)) is None:
        same = select(Tick.id).where(Tick.user_id == user_id, Tick.id == said.id)
        if session.scalar(same.where(*(getattr(Tick, name).is_not_distinct_from(what[name]) for name in what))) is None:
            raise UsedId
    if food is not None and larder.fills(session, user_id):
        _fill_larder(session, user_id, span, food)
    _begin(session, user_id, span)


def _fill_larder(session: Session, user_id: uuid.UUID, span: Span, food: str) -> None:
    """Have the larder hold what all ticks together say was bought. Simultaneous ticks of it wait for each other."""
    cause = cause_of(span, food)
    larder.lock(session, cause)
    mark = settled(_standing(session, user_id, span, food))
    larder.bought(session, user_id, cause, food, mark.grams)


def _standing(session: Session, user_id: uuid.UUID, span: Span, food: str) -> list[Standing]:
    columns = (Tick.id, Tick.state, func.coalesce(Tick.grams, 0.0), Tick.replaces)
    this = (Tick.user_id == user_id, Tick.food_id == food, Tick.first_day == span.first, Tick.last_day == span.last)
    return [Standing(*row) for row in session.execute(select(*columns).where(*this))]


def accept_changes(session: Session, user_id: uuid.UUID, span: Span) -> None:
    """Show changes against the list as it is now."""
    key = [Baseline.user_id, Baseline.first_day, Baseline.last_day]
    kept = _baseline(session, user_id, span)
    session.execute(kept.on_conflict_do_update(index_elements=key, set_={"needs": kept.excluded.needs}))


def add_item(session: Session, user_id: uuid.UUID, span: Span, *, id: uuid.UUID, text: str) -> None:
    """Add an item of one's own; sent twice under one id it is there once. Raise `Invalid` when there are too many.

    A page that was gone back to sends something else under its old id; that is an item of its own.
    """
    item = insert(OwnItem).values(user_id=user_id, id=id, first_day=span.first, last_day=span.last, text=text)
    if session.scalar(item.on_conflict_do_nothing().returning(OwnItem.id)) is None:
        known = select(OwnItem.text).where(OwnItem.user_id == user_id, OwnItem.id == id)
        if session.scalars(known).one() != text:
            add_item(session, user_id, span, id=uuid.uuid5(id, text), text=text)
        return
    open_items = select(func.count()).where(OwnItem.user_id == user_id, OwnItem.removed_at.is_(None))
    if session.scalars(open_items.where(OwnItem.last_day >= span.first)).one() > MOST_ITEMS:
        raise Invalid({"text": [TOO_MANY]})


def remove_item(session: Session, user_id: uuid.UUID, item_id: uuid.UUID, *, now: datetime.datetime) -> None:
    """Take an item of one's own off every list, if it is still there."""
    this = (OwnItem.user_id == user_id, OwnItem.id == item_id, OwnItem.removed_at.is_(None))
    session.execute(update(OwnItem).where(*this).values(removed_at=now))


def write_note(session: Session, user_id: uuid.UUID, food: str, *, text: str) -> None:
    """Remember a note on a food, or forget it when `text` is empty. Raise `Invalid` for a food that no shop sells."""
    _require_sold(session, user_id, food, "note")
    if not text:
        session.execute(delete(FoodNote).where(FoodNote.user_id == user_id, FoodNote.food_id == food))
        return
    note = insert(FoodNote).values(user_id=user_id, food_id=food, text=text)
    key = [FoodNote.user_id, FoodNote.food_id]
    session.execute(note.on_conflict_do_update(index_elements=key, set_={"text": note.excluded.text}))


def order_aisles(session: Session, user_id: uuid.UUID, aisles: Sequence[str]) -> None:
    """Remember the order of the aisles in the person's shop."""
    habits = insert(ShoppingHabits).values(user_id=user_id, aisles=list(aisles))
    key = [ShoppingHabits.user_id]
    session.execute(habits.on_conflict_do_update(index_elements=key, set_={"aisles": habits.excluded.aisles}))


def _require_sold(session: Session, user_id: uuid.UUID, food: str, field: str) -> None:
    """Raise `Invalid` for a food that is not on lists: there is none, or it is bought as another one.

    One that only a newer release knows is on them if a dish of the person's menus has it.
    """
    if food not in load_foods() and not queries.is_planned(session, user_id, food):
        raise Invalid({field: [UNKNOWN_FOOD]})
    if sale_of(food).bought != food:
        raise Invalid({field: [f"It is not sold as such; lists have “{sale_of(food).bought or 'nothing'}” instead."]})


def _begin(session: Session, user_id: uuid.UUID, span: Span) -> None:
    """Store what the meals need, at the first tick of a list."""
    this = (Baseline.user_id == user_id, Baseline.first_day == span.first, Baseline.last_day == span.last)
    if session.scalar(select(Baseline.user_id).where(*this)) is None:
        session.execute(_baseline(session, user_id, span).on_conflict_do_nothing())


def _baseline(session: Session, user_id: uuid.UUID, span: Span) -> Insert:
    """Return the statement that stores what the meals need now."""
    found = needs(queries.meals_of(session, user_id, span), span)
    grams = {food: round(need.grams, 3) for food, need in found.items()}
    return insert(Baseline).values(user_id=user_id, first_day=span.first, last_day=span.last, needs=grams)

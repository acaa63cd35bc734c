"""Changing the larder. The database adds and subtracts amounts, so that simultaneous changes all count.

Food that is cooked or bought moves under a cause: the id of the meal, or of the line of a list. A cause moves food
once, and taking it back moves the same food back.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.errors import Invalid, NotFound
from mealplanner.larder.errors import ItemChanged
from mealplanner.larder.models import AlwaysThere, LarderItem, LarderMove, LarderSettings
from mealplanner.larder.queries import ITEM, SHORTEST_FIRST
from mealplanner.larder.stock import EXACT, taken
from mealplanner.larder.values import MOST_GRAMS, MOST_ITEMS, Item, Move, Settings

TOO_MUCH = f"That would be more than {MOST_GRAMS // 1000} kg. Enter a smaller amount."
TOO_MANY = f"The larder holds {MOST_ITEMS} foods. Remove one that you used up."


def add(
    session: Session,
    user_id: uuid.UUID,
    food_id: str,
    grams: float,
    *,
    best_before: datetime.date | None,
    item_id: uuid.UUID | None = None,
) -> None:
    """Add grams of a food to what is there of it with this date. Raise `Invalid` for more than the larder holds.

    Where nothing is there, it is a new item, `item_id` if that is given.
    """
    move = Move(food_id=food_id, best_before=best_before, grams=Decimal(grams).quantize(EXACT))
    if not _put(session, user_id, move, item_id or uuid.uuid4()):
        raise Invalid({"amount": [TOO_MUCH]})
    if session.scalars(select(func.count()).where(LarderItem.user_id == user_id)).one() > MOST_ITEMS:
        raise Invalid({"food": [TOO_MANY]})


def change(
    session: Session,
    user_id: uuid.UUID,
    item_id: uuid.UUID,
    *,
    grams: float,
    best_before: datetime.date | None,
    seen: Decimal,
) -> None:
    """Say how much there is of an item, of which `seen` grams were seen, and until when it keeps.

    Raise `ItemChanged` when there is another amount now, `NotFound`, and `Invalid` for more than the larder holds.
    """
    gone = _this(user_id, item_id), LarderItem.grams == seen
    row = session.execute(delete(LarderItem).where(*gone).returning(LarderItem.food_id)).one_or_none()
    if row is None:
        if session.scalar(select(LarderItem.id).where(_this(user_id, item_id))) is None:
            raise NotFound
        raise ItemChanged
    add(session, user_id, row.food_id, grams, best_before=best_before, item_id=item_id)


def remove(session: Session, user_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Delete an item, if it is still there."""
    session.execute(delete(LarderItem).where(_this(user_id, item_id)))


def keep_always(session: Session, user_id: uuid.UUID, food_id: str, *, always: bool) -> None:
    """Remember that a food is always there, or not any more."""
    if always:
        session.execute(insert(AlwaysThere).values(user_id=user_id, food_id=food_id).on_conflict_do_nothing())
    else:
        this = (AlwaysThere.user_id == user_id, AlwaysThere.food_id == food_id)
        session.execute(delete(AlwaysThere).where(*this))


def choose(session: Session, user_id: uuid.UUID, wanted: Settings) -> None:
    """Remember what the person wants the larder to do."""
    chosen = insert(LarderSettings).values(user_id=user_id, **asdict(wanted))
    session.execute(chosen.on_conflict_do_update(index_elements=[LarderSettings.user_id], set_=asdict(wanted)))


def fills(session: Session, user_id: uuid.UUID) -> bool:
    """Say whether the person wants what they buy to be put in."""
    wanted = select(LarderSettings.user_id).where(LarderSettings.user_id == user_id, LarderSettings.fill)
    return session.scalar(wanted) is not None


def lock(session: Session, cause: uuid.UUID) -> None:
    """Wait until no other transaction changes what `cause` moves; what it wrote can be read then."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(cause), 0))))


def bought(session: Session, user_id: uuid.UUID, cause: uuid.UUID, food_id: str, grams: float) -> None:
    """Make `grams` all that `cause` has put in, as far as the larder holds so much of one food.

    Where that is less than before, take out what is left of the rest.
    """
    lock(session, cause)
    this = (LarderMove.user_id == user_id, LarderMove.cause == cause)
    before = session.scalar(delete(LarderMove).where(*this).returning(LarderMove.grams)) or Decimal()
    wanted = Decimal(grams).quantize(EXACT)
    if wanted > before:
        wanted = before + min(wanted - before, _room(session, user_id, food_id))
    more = Move(food_id=food_id, best_before=None, grams=wanted - before)
    if more.grams < 0:
        _take(session, user_id, more)
    elif more.grams > 0 and not _put(session, user_id, more, uuid.uuid4()):
        wanted = before  # another purchase has just taken the room
    if wanted:
        _noted(session, user_id, cause, [Move(food_id=food_id, best_before=None, grams=wanted)])


def takes(session: Session, user_id: uuid.UUID) -> bool:
    """Say whether cooking takes something out: where something is there, and the person wants that."""
    unwanted = select(LarderSettings.user_id).where(LarderSettings.user_id == user_id, ~LarderSettings.empty)
    there = select(LarderItem.id).where(LarderItem.user_id == user_id, ~unwanted.exists())
    return session.scalar(there.limit(1)) is not None


def cooked(session: Session, user_id: uuid.UUID, cause: uuid.UUID, needs: Mapping[str, float]) -> None:
    """Take out grams of foods, by their ids, as far as they are there, once for each `cause`.

    The items are locked, so that two meals cannot take the same grams.
    """
    own = select(*ITEM).where(LarderItem.user_id == user_id).order_by(*SHORTEST_FIRST).with_for_update()
    items = [Item(**row._mapping) for row in session.execute(own)]
    moves = taken(items, needs)
    if moves and _noted(session, user_id, cause, moves):
        for move in moves:
            _take(session, user_id, move)


def take_back(session: Session, user_id: uuid.UUID, cause: uuid.UUID) -> None:
    """Move back what `cause` moved: put in what it took, and take out what is left of what it put in."""
    this = (LarderMove.user_id == user_id, LarderMove.cause == cause)
    columns = (LarderMove.food_id, LarderMove.best_before, LarderMove.grams)
    moved = [Move(**row._mapping) for row in session.execute(delete(LarderMove).where(*this).returning(*columns))]
    for move in sorted(moved, key=lambda move: (move.food_id, move.best_before or datetime.date.max)):
        back = Move(food_id=move.food_id, best_before=move.best_before, grams=-move.grams)
        if back.grams > 0:
            _put(session, user_id, back, uuid.uuid4())
        else:
            _take(session, user_id, back)


def _room(session: Session, user_id: uuid.UUID, food_id: str) -> Decimal:
    """Return how many grams more of a food without a date the larder holds."""
    this = (LarderItem.user_id == user_id, LarderItem.food_id == food_id, LarderItem.best_before.is_(None))
    there = session.scalar(select(LarderItem.grams).where(*this).with_for_update())
    return MOST_GRAMS - (there or Decimal())


def _put(session: Session, user_id: uuid.UUID, move: Move, item_id: uuid.UUID) -> bool:
    """Add to what is there in one statement; say whether there was room for it."""
    new = insert(LarderItem).values(id=item_id, user_id=user_id, **asdict(move))
    total = LarderItem.grams + new.excluded.grams
    added = new.on_conflict_do_update(
        index_elements=[LarderItem.user_id, LarderItem.food_id, LarderItem.best_before],
        set_={"grams": total},
        where=total <= MOST_GRAMS,
    )
    if move.grams > MOST_GRAMS:
        return False
    return session.execute(added.returning(LarderItem.id)).one_or_none() is not None


def _take(session: Session, user_id: uuid.UUID, move: Move) -> None:
    """Take out the grams of `move`, which are below 0, as far as they are there. Delete an item that is used up."""
    dated = LarderItem.best_before.is_not_distinct_from(move.best_before)
    these = (LarderItem.user_id == user_id, LarderItem.food_id == move.food_id, dated)
    session.execute(select(LarderItem.id).where(*these).with_for_update())
    session.execute(delete(LarderItem).where(*these, LarderItem.grams <= -move.grams))
    session.execute(update(LarderItem).where(*these).values(grams=LarderItem.grams + move.grams))


def _noted(session: Session, user_id: uuid.UUID, cause: uuid.UUID, moves: Iterable[Move]) -> bool:
    """Note what `cause` moves; say whether it had moved nothing before."""
    if session.scalar(select(LarderMove.id).where(LarderMove.user_id == user_id, LarderMove.cause == cause).limit(1)):
        return False
    rows = [{"user_id": user_id, "cause": cause, **asdict(move)} for move in moves]
    noted = insert(LarderMove).values(rows).on_conflict_do_nothing().returning(LarderMove.id)
    return bool(session.scalars(noted).all())


def _this(user_id: uuid.UUID, item_id: uuid.UUID) -> ColumnElement[bool]:
    return (LarderItem.user_id == user_id) & (LarderItem.id == item_id)

"""Reserving what a call of the model may use, and settling what it used.

The limits hold exactly, however many calls begin at once. Reserving and settling are one short transaction each, and
nothing is open during the call itself. All of them lock in one order (menu, calls, the person's budget, the
installation's), so they cannot deadlock.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Final

from sqlalchemy import Case, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.llm.outcomes import Call, Outcome, Usage
from mealplanner.llm.redaction import kept_text
from mealplanner.spending.errors import BudgetSpent, Whose
from mealplanner.spending.models import Budget, ModelCall
from mealplanner.spending.queries import TOKENS
from mealplanner.spending.values import Limits, month_of

ABANDONED: Final = "abandoned"
"""The outcome of a call whose worker died. It may have been billed, so all that was reserved for it counts."""

MENUS_WITH_TEXTS: Final = 3
"""For how many of a person's menus the texts of calls are kept: those with the latest calls."""


def reserve(
    session: UnitOfWorkSession,
    user_id: uuid.UUID,
    *,
    menu_id: uuid.UUID,
    call: Call,
    tokens: int,
    limits: Limits,
    now: datetime.datetime,
) -> uuid.UUID:
    """Reserve `tokens`, the most that `call` can use; return the id to settle it by.

    Raise `BudgetSpent`, with nothing written, when they would exceed a limit, and `NotFound` when the menu or the
    person has been deleted.
    """
    month = month_of(now)
    with savepoint(session):
        begun = ModelCall(user_id=user_id, menu_id=menu_id, month=month, purpose=call.purpose, reserved_tokens=tokens)
        begun.sent, begun.created_at = kept_text(f"[system]\n{call.system}\n\n[user]\n{call.user}"), now
        session.add(begun)
        session.flush()  # locks the menu and the call before any budget
        _forget_old_texts(session, user_id)
        if not _reserve_within(session, user_id, month, tokens, limits.person):
            raise BudgetSpent("person", limit=limits.person or 0, month=month)
        if limits.menu is not None and _used_for(session, menu_id) > limits.menu:
            raise BudgetSpent("menu", limit=limits.menu, month=month)
        if not _reserve_within(session, None, month, tokens, limits.installation):
            raise BudgetSpent("installation", limit=limits.installation or 0, month=month)
    return begun.id


def settle(session: Session, call_id: uuid.UUID, *, outcome: Outcome | None, now: datetime.datetime) -> None:
    """Count what a call used and free the rest of its reservation; do nothing the second time.

    `outcome` is None when it is unknown how the call ended: then all that was reserved is counted.
    """
    is_open = (ModelCall.id == call_id, ModelCall.outcome.is_(None))
    ended = update(ModelCall).where(*is_open).values(settled_at=now, **_ending(outcome))
    call = session.execute(ended.returning(ModelCall.user_id, ModelCall.month, ModelCall.reserved_tokens)).one_or_none()
    if call is None:
        return
    usage = _usage(outcome) if outcome else None
    for owner_id in (call.user_id, None):
        budget = update(Budget).where(Budget.user_id == owner_id, Budget.month == call.month)
        session.execute(
            budget.values(
                reserved=Budget.reserved - call.reserved_tokens,
                spent=Budget.spent + (usage.tokens if usage else call.reserved_tokens),
                cost=Budget.cost + (usage.cost if usage else 0),
            )
        )


def settle_abandoned(session: Session, menu_id: uuid.UUID, *, now: datetime.datetime) -> None:
    """Count, in full, the calls for a menu that are still open because their worker died."""
    left = select(ModelCall.id).where(ModelCall.menu_id == menu_id, ModelCall.outcome.is_(None))
    for call_id in session.scalars(left.order_by(ModelCall.id)).all():
        settle(session, call_id, outcome=None, now=now)


def forget_texts(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> None:
    """Delete what was sent and received for a menu that is about to be deleted; the figures stay."""
    of_menu = (ModelCall.user_id == user_id, ModelCall.menu_id == menu_id)
    session.execute(update(ModelCall).where(*of_menu).values(sent=None, received=None))


def refuse_if_spent(session: Session, user_id: uuid.UUID, *, limits: Limits, now: datetime.datetime) -> None:
    """Raise `BudgetSpent` when nothing is left of this month, before a person waits for a call that cannot be made."""
    month = month_of(now)
    owners: tuple[tuple[Whose, uuid.UUID | None, int | None], ...] = (
        ("person", user_id, limits.person),
        ("installation", None, limits.installation),
    )
    for whose, owner_id, limit in owners:
        if limit is not None and not _has_room(session, owner_id, month, limit):
            raise BudgetSpent(whose, limit=limit, month=month)


def _has_room(session: Session, owner_id: uuid.UUID | None, month: datetime.date, limit: int) -> bool:
    full = Budget.spent + Budget.reserved >= limit
    query = select(Budget.id).where(Budget.user_id == owner_id, Budget.month == month, full)
    return session.scalar(query) is None


def _reserve_within(
    session: Session, owner_id: uuid.UUID | None, month: datetime.date, tokens: int, limit: int | None
) -> bool:
    """Return whether there was room. A call that begins at the same time waits for the row and sees what is left."""
    if limit is not None and tokens > limit:
        return False
    first = insert(Budget).values(user_id=owner_id, month=month, reserved=tokens)
    taken = Budget.spent + Budget.reserved + tokens
    added = first.on_conflict_do_update(
        index_elements=[Budget.user_id, Budget.month],
        set_={"reserved": Budget.reserved + tokens},
        where=None if limit is None else taken <= limit,
    )
    return session.scalar(added.returning(Budget.id)) is not None


def _used_for(session: Session, menu_id: uuid.UUID) -> int:
    """Return what counts for a menu, calls under way included; the person's locked budget keeps further calls out."""
    return session.scalar(select(func.sum(TOKENS)).where(ModelCall.menu_id == menu_id)) or 0


def _ending(outcome: Outcome | None) -> dict[str, Any]:
    """Return the columns of an ended call. No text is kept for a menu that has been deleted."""
    if outcome is None:
        return {"outcome": ABANDONED}
    usage = _usage(outcome)
    return {
        "outcome": outcome.kind,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "cost": usage.cost,
        "estimated": usage.estimated,
        "seconds": outcome.seconds,
        "sent": _of_a_menu(outcome.sent),
        "received": _of_a_menu(outcome.received),
    }


def _usage(outcome: Outcome) -> Usage:
    return outcome.usage or Usage(tokens_in=0, tokens_out=0, cost=0.0)


def _of_a_menu(text: str) -> Case[Any]:
    return case((ModelCall.menu_id.is_not(None), kept_text(text)))


def _forget_old_texts(session: Session, user_id: uuid.UUID) -> None:
    """Keep texts for the latest menus only. Rows that another transaction has locked are left for the next call."""
    mine = ModelCall.user_id == user_id
    latest = select(ModelCall.menu_id).where(mine, ModelCall.menu_id.is_not(None)).group_by(ModelCall.menu_id)
    latest = latest.order_by(func.max(ModelCall.created_at).desc(), ModelCall.menu_id).limit(MENUS_WITH_TEXTS)
    older = ModelCall.menu_id.is_(None) | ModelCall.menu_id.not_in(latest)
    ended = (ModelCall.outcome.is_not(None), ModelCall.sent.is_not(None))
    old = select(ModelCall.id).where(mine, older, *ended).with_for_update(skip_locked=True)
    session.execute(update(ModelCall).where(ModelCall.id.in_(old)).values(sent=None, received=None))

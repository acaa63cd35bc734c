"""Making an account an operator of this site, and asking whether it is one."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.accounts import has_email
from mealplanner.auth.errors import UnknownAccount
from mealplanner.auth.models import User
from mealplanner.auth.operators.models import Operator


def grant(session: Session, *, email: str) -> None:
    """Make the account of `email` an operator; twice is fine. Raise `UnknownAccount`."""
    user_id = _id_of(session, email)
    made = insert(Operator).values(user_id=user_id).on_conflict_do_nothing().returning(Operator.user_id)
    if session.scalar(made) is not None:
        audit.record(session, Event.OPERATOR_GRANTED, user_id, actor=Actor.OPERATOR)


def revoke(session: Session, *, email: str) -> None:
    """Take that back; twice is fine. Raise `UnknownAccount`."""
    user_id = _id_of(session, email)
    ended = delete(Operator).where(Operator.user_id == user_id).returning(Operator.user_id)
    if session.scalar(ended) is not None:
        audit.record(session, Event.OPERATOR_REVOKED, user_id, actor=Actor.OPERATOR)


def operator_since(session: Session, user_id: uuid.UUID) -> datetime.datetime | None:
    """Return since when an account is an operator, None if it is none."""
    return session.scalar(select(Operator.since).where(Operator.user_id == user_id))


def _id_of(session: Session, email: str) -> uuid.UUID:
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        raise UnknownAccount(email)
    return user_id

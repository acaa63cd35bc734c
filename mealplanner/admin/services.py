"""What an operator does. Each act stands in the activity of the person concerned."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.admin.errors import OwnAccount
from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth import administration
from mealplanner.auth.jobs import SEND
from mealplanner.auth.models import User
from mealplanner.auth.operators.services import operator_since
from mealplanner.errors import NotFound
from mealplanner.mail import outbox


def require_operator(session: Session, user_id: uuid.UUID) -> None:
    """Raise `NotFound` unless the account is an operator: for others there are no such pages."""
    if operator_since(session, user_id) is None:
        raise NotFound


def close(session: Session, operator: uuid.UUID, *, user_id: uuid.UUID, now: datetime.datetime) -> str:
    """Close an account, end its sessions, and return its address. Raise `OwnAccount` or `NotFound`."""
    if user_id == operator:
        raise OwnAccount
    administration.disable(session, email=(email := _email(session, user_id)), now=now)
    return email


def open_again(session: Session, *, user_id: uuid.UUID) -> str:
    """Open a closed account, and return its address. Raise `NotFound`."""
    administration.enable(session, email=(email := _email(session, user_id)))
    return email


def confirm(session: Session, *, user_id: uuid.UUID, now: datetime.datetime) -> str:
    """Count the address of an account as confirmed, and return it. Raise `NotFound`."""
    administration.verify(session, email=(email := _email(session, user_id)), now=now)
    return email


def send_again(session: Session, *, mail_id: uuid.UUID) -> str:
    """Send a mail that failed once more, and return to whom. Raise `NotFound` if it is not one of those any more."""
    mail = outbox.send_again(session, SEND, mail_id=mail_id)
    audit.record(session, Event.MAIL_SENT_AGAIN, mail.user_id, actor=Actor.OPERATOR, kind=mail.kind)
    return mail.recipient


def _email(session: Session, user_id: uuid.UUID) -> str:
    email = session.scalar(select(User.email).where(User.id == user_id))
    if email is None:
        raise NotFound
    return email

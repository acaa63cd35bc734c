"""Sessions in the database: how they begin, whose they are, and how they end.

A session lasts as long as its row. The account is always locked before its sessions, so that a session which begins
while the password changes is either found and ended, or finds another password and does not begin.
"""

from __future__ import annotations

import datetime
import functools
import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import ACCOUNT, Account, AnyRow, Query, change
from mealplanner.auth.errors import WrongCredentials
from mealplanner.auth.models import User
from mealplanner.auth.sessions.lifetime import IDLE, LONGEST
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.auth.sessions.previous_release import OldSession
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession, read
from mealplanner.errors import NotFound
from mealplanner.unguessable import hash_of

MOST: Final = 50
"""Sessions of one account at a time. The one that was not used for longest gives way: some programs never sign out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A session and the secret that its cookie has, or is about to have."""

    id: uuid.UUID
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One line of the list: where an account is signed in."""

    id: uuid.UUID
    browser: str
    address: str
    created_at: datetime.datetime
    used_at: datetime.datetime


_DEVICE = (OpenSession.id, OpenSession.browser, OpenSession.address, OpenSession.created_at, OpenSession.used_at)


def row_by_secret(session: Session, secret: str, query: Query = ACCOUNT.by_secret, **parameters: Any) -> AnyRow | None:
    """Return the row of the session with this secret and its account; None if it was ended or the account is disabled.

    A `query` of `beside_account` reads more of the person with the same statement.
    """
    return read(session, query, {"secret_hash": hash_of(secret), **parameters}).first()


def begin(session: Session, user_id: uuid.UUID, new: Named, *, password_hash: str, client: Client) -> None:
    """Begin a session, for the password that has `password_hash`.

    Raise `WrongCredentials` if the account has another one by now, was closed or deleted.
    """
    proven = (User.id == user_id) & (User.password_hash == password_hash)
    if session.scalar(_opened(proven, new, client, client.now).returning(OpenSession.id)) is None:
        raise WrongCredentials
    _sweep(session, user_id, client.now)


def exchange(session: Session, old: OldSession, *, client: Client) -> uuid.UUID | None:
    """Begin the session that takes the place of one without a row, and return whose it is.

    Of several requests at once, one begins it. None if the account's sessions were ended since.
    """
    new = Named(id=uuid.uuid4(), secret=old.secret)
    opened = _opened(User.session_token == old.token, new, client, old.created_at)
    session.execute(opened.on_conflict_do_nothing(index_elements=[OpenSession.secret_hash]))
    return session.scalar(select(OpenSession.user_id).where(OpenSession.secret_hash == hash_of(old.secret)))


def touch(session: UnitOfWorkSession, session_id: uuid.UUID, now: datetime.datetime) -> None:
    """Store that a session is used, once this unit of work has ended; losing that in a crash does no harm."""
    session.unit_of_work.always(functools.partial(_touch, session_id=session_id, now=now))


def devices(session: Session, user_id: uuid.UUID, now: datetime.datetime | None = None) -> list[Device]:
    """Return where the account is signed in at `now`, used last first; without it, what is stored."""
    mine = select(*_DEVICE).where(OpenSession.user_id == user_id).order_by(OpenSession.used_at.desc(), OpenSession.id)
    rows = session.execute(mine if now is None else mine.where(~_over(now)))
    return [Device(**row._mapping) for row in rows]


def device(session: Session, session_id: uuid.UUID) -> Device | None:
    """Return one line of the list, None if that session has ended."""
    row = session.execute(select(*_DEVICE).where(OpenSession.id == session_id)).one_or_none()
    return Device(**row._mapping) if row is not None else None


def end(session: Session, user_id: uuid.UUID, session_id: uuid.UUID, *, client: Client) -> None:
    """End one session of the account. Raise `NotFound`."""
    _forget_old(session, user_id)
    this = delete(OpenSession).where(OpenSession.id == session_id, OpenSession.user_id == user_id)
    browser = session.scalar(this.returning(OpenSession.browser))
    if browser is None:
        raise NotFound
    audit.record(session, Event.SIGNED_OUT, user_id, client, browser=browser)


def end_others(session: Session, user_id: uuid.UUID, *, but: Named, client: Client) -> Account:
    """End every session of the account but one, as `end_all` does, because the person asked for it."""
    account = end_all(session, user_id, but=but)
    audit.record(session, Event.SIGNED_OUT_EVERYWHERE, user_id, client)
    return account


def end_all(session: Session, user_id: uuid.UUID, *, but: Named | None = None) -> Account:
    """End every session of the account. The one that is named goes on with a new secret: a copied cookie does not.

    Raise `Unauthenticated` if the account was deleted in the meantime.
    """
    account = _forget_old(session, user_id)
    mine = OpenSession.user_id == user_id
    if but is not None:
        kept = update(OpenSession).where(mine, OpenSession.id == but.id)
        session.execute(kept.values(secret_hash=hash_of(but.secret)))
        mine &= OpenSession.id != but.id
    session.execute(delete(OpenSession).where(mine))
    return account


def _forget_old(session: Session, user_id: uuid.UUID) -> Account:
    """Void the cookies of the release before that were not exchanged yet, since a copy of one would outlive its end."""
    return change(session, user_id, session_token=uuid.uuid4())


def _opened(whose: ColumnElement[bool], new: Named, client: Client, created_at: datetime.datetime) -> Any:
    """Return the statement that begins a session of one account, which it locks: the password has to stay the same."""
    values = {
        "id": new.id, "secret_hash": hash_of(new.secret), "browser": client.browser, "address": client.address,
        "created_at": created_at, "used_at": client.now,
    }  # fmt: skip
    literals = (literal(value, OpenSession.__table__.c[name].type) for name, value in values.items())
    account: Select[Any] = select(User.id, *literals).where(whose, User.disabled_at.is_(None))
    return insert(OpenSession).from_select(["user_id", *values], account.with_for_update(read=True))


def _over(now: datetime.datetime) -> ColumnElement[bool]:
    return or_(OpenSession.used_at <= now - IDLE, OpenSession.created_at <= now - LONGEST)


def _sweep(session: Session, user_id: uuid.UUID, now: datetime.datetime) -> None:
    """Delete what has ended, and what the account has too many of; rows that others hold are left to the next time."""
    mine = OpenSession.user_id == user_id
    newest = select(OpenSession.id).where(mine, ~_over(now)).order_by(OpenSession.used_at.desc()).limit(MOST)
    ended = select(OpenSession.id).where(mine, OpenSession.id.not_in(newest)).with_for_update(skip_locked=True)
    some = ended.cte("some")  # runs once; a subquery may run often
    session.execute(delete(OpenSession).where(OpenSession.id.in_(select(some.c.id))))


def _touch(connection: Connection, *, session_id: uuid.UUID, now: datetime.datetime) -> None:
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    moments = {"used_at": now, "created_at": func.least(OpenSession.created_at, now)}
    connection.execute(update(OpenSession).where(OpenSession.id == session_id).values(moments))

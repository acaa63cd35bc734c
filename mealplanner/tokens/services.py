"""Tokens: making, ending, listing and recognising them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, AnyRow, account_of
from mealplanner.auth.api_tokens.models import ApiToken
from mealplanner.auth.jobs import SEND
from mealplanner.auth.models import User
from mealplanner.client import Client
from mealplanner.db import read
from mealplanner.errors import Invalid, NotFound
from mealplanner.mail import outbox
from mealplanner.tokens.errors import BadToken, EndedToken, ExpiredToken
from mealplanner.tokens.scopes import Scope
from mealplanner.tokens.values import USED_EVERY, ApiTokenValue, written
from mealplanner.unguessable import hash_of

MOST: Final = 20
"""Tokens of one person that were not ended."""
TOO_MANY: Final = f"You have {MOST} tokens. End one of them first."
REMEMBERED: Final = datetime.timedelta(days=90)
"""How long a token that has ended or expired is still told from one that never was."""

_tokens, _users = ApiToken.__table__.c, User.__table__.c
_COLUMNS = tuple(
    _tokens[name] for name in ("id", "name", "scopes", "created_at", "expires_at", "last_used_at", "ended_at")
)
_BY_HASH = (
    select(*_COLUMNS, *ACCOUNT_COLUMNS)
    .join_from(ApiToken.__table__, User.__table__, _users.id == _tokens.user_id)
    .where(_tokens.token_hash == bindparam("token_hash"), _users.disabled_at.is_(None))
)


def make(
    session: Session,
    account: Account,
    *,
    token_id: uuid.UUID,
    secret: bytes,
    name: str,
    scopes: Collection[Scope],
    days: int,
    client: Client,
) -> str:
    """Make a token of the random bytes `secret` and return its text, which is stored nowhere; mail its owner.

    Raise `NameTaken`, and `Invalid` when there are too many.
    """
    _forget(session, account.id, client.now)
    mine = (ApiToken.user_id == account.id, ApiToken.ended_at.is_(None))
    if session.scalars(select(func.count()).where(*mine)).one() >= MOST:
        raise Invalid({"form": [TOO_MANY]})
    token = written(secret)
    values = {"name": name, "token_hash": hash_of(token), "scopes": sorted(scopes)}
    times = {"created_at": client.now, "expires_at": client.now + datetime.timedelta(days=days)}
    session.execute(insert(ApiToken).values(id=token_id, user_id=account.id, **values, **times))
    audit.record(session, Event.TOKEN_MADE, account.id, client, name=name)
    outbox.post(session, SEND, user_id=account.id, kind="token-made", recipient=account.email)
    return token


def end(session: Session, user_id: uuid.UUID, token_id: uuid.UUID, *, client: Client) -> None:
    """End a token of the person's at once; twice is fine. Raise `NotFound` if there is none."""
    this = (ApiToken.user_id == user_id, ApiToken.id == token_id)
    ended = update(ApiToken).where(*this, ApiToken.ended_at.is_(None)).values(ended_at=client.now)
    name = session.scalar(ended.returning(ApiToken.name))
    if name is not None:
        audit.record(session, Event.TOKEN_ENDED, user_id, client, name=name)
    elif session.scalar(select(ApiToken.id).where(*this)) is None:
        raise NotFound


def listed(session: Session, user_id: uuid.UUID) -> list[ApiTokenValue]:
    """Return the person's tokens that were not ended, expired ones included, the newest first."""
    return _values(session, ApiToken.user_id == user_id, ApiToken.ended_at.is_(None))


def history(session: Session, user_id: uuid.UUID) -> list[ApiTokenValue]:
    """Return every token of the person's that is remembered, the newest first."""
    return _values(session, ApiToken.user_id == user_id)


def recognised(session: Session, token: str, *, now: datetime.datetime) -> tuple[ApiTokenValue, Account]:
    """Return the token with this text, and its owner.

    Raise `BadToken`, for a token that worked once as `ExpiredToken` or `EndedToken`.
    """
    row = read(session, _BY_HASH, {"token_hash": hash_of(token)}).one_or_none()
    if row is None:
        raise BadToken
    found = _value(row)
    if found.ended_at is not None:
        raise EndedToken(found.ended_at)
    if found.expires_at <= now:
        raise ExpiredToken(found.expires_at)
    return found, account_of(row)


def used(session: Session, token_id: uuid.UUID, *, now: datetime.datetime) -> None:
    """Store that the token was used, unless another request did so just before."""
    old = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= now - USED_EVERY)
    session.execute(update(ApiToken).where(ApiToken.id == token_id, old).values(last_used_at=now))


def _forget(session: Session, user_id: uuid.UUID, now: datetime.datetime) -> None:
    over = func.least(ApiToken.ended_at, ApiToken.expires_at) < now - REMEMBERED
    session.execute(delete(ApiToken).where(ApiToken.user_id == user_id, over))


def _values(session: Session, *which: ColumnElement[bool]) -> list[ApiTokenValue]:
    query = select(*_COLUMNS).where(*which).order_by(ApiToken.created_at.desc(), ApiToken.id)
    return [_value(row) for row in session.execute(query)]


def _value(row: AnyRow) -> ApiTokenValue:
    return ApiTokenValue(
        id=row.id,
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        ended_at=row.ended_at,
    )

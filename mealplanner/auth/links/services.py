"""Links in mails, which prove that their reader has access to an address: made, looked at, used once.

A link is 32 random bytes, of which only the hash is kept. It is dead after its use, after its time, after a newer one
for the same purpose, and after any change of the password or the address. A link to confirm an address that is opened
again says that the address is confirmed.
"""

from __future__ import annotations

import base64
import datetime
import enum
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.errors import DeadLink
from mealplanner.auth.links.models import AccountToken
from mealplanner.auth.models import User
from mealplanner.mail import outbox

Purpose = Literal["verify", "reset", "change-email", "factors"]

LIFETIMES: Final[Mapping[str, datetime.timedelta]] = {
    "verify": datetime.timedelta(days=3),
    "reset": datetime.timedelta(hours=1),
    "change-email": datetime.timedelta(days=3),
    "factors": datetime.timedelta(hours=1),
}
REMEMBERED: Final = datetime.timedelta(days=90)
"""For so long the owner of a dead link is told what became of it."""

BYTES: Final = 32


class State(enum.Enum):
    """What a link does when it is opened."""

    LIVE = "live"
    DONE = "done"
    """What it was for has happened."""
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that was found. `email` is the address that it proves, or whose password it changes."""

    user_id: uuid.UUID
    purpose: str
    state: State
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLink:
    """A link in the download of everything that is stored, without its secret."""

    purpose: str
    new_email: str | None
    created_at: datetime.datetime
    expires_at: datetime.datetime
    used_at: datetime.datetime | None


def history(session: Session, user_id: uuid.UUID) -> list[PastLink]:
    """Return the links of the account that are remembered, newest first."""
    columns = [getattr(AccountToken, field.name) for field in fields(PastLink)]
    query = select(*columns).where(AccountToken.user_id == user_id).order_by(AccountToken.created_at.desc())
    return [PastLink(**row._mapping) for row in session.execute(query)]


def issue(
    session: Session,
    user_id: uuid.UUID,
    *,
    purpose: Purpose,
    secret: bytes,
    now: datetime.datetime,
    new_email: str | None = None,
) -> str:
    """Make a link from `secret`, 32 random bytes, end the older ones of its purpose, and return its last part."""
    long_ago = AccountToken.expires_at < now - REMEMBERED
    session.execute(delete(AccountToken).where(AccountToken.user_id == user_id, long_ago))
    _end(session, user_id, now, purpose)
    session.add(
        AccountToken(
            user_id=user_id,
            purpose=purpose,
            token_hash=hashlib.sha256(secret).digest(),
            new_email=new_email,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def find(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """Return the link that ends with `text`. Raise `DeadLink` if there never was one, or only long ago."""
    query = select(AccountToken, User.email, User.verified_at).join(User, User.id == AccountToken.user_id)
    row = session.execute(query.where(AccountToken.token_hash == _hash(text))).one_or_none()
    if row is None:
        raise DeadLink
    token, email, verified_at = row
    live = token.used_at is None and token.expires_at > now
    email_now = token.new_email or email
    done = token.purpose in ("verify", "change-email") and verified_at is not None and email_now == email
    state = State.DONE if done else State.LIVE if live else State.DEAD
    return Link(user_id=token.user_id, purpose=token.purpose, state=state, email=email_now)


def use(session: Session, text: str, *, now: datetime.datetime) -> None:
    """Use the link up. Raise `DeadLink` if it does not work any more: of two that try at once one succeeds."""
    token = AccountToken
    live = (token.token_hash == _hash(text)) & token.used_at.is_(None) & (token.expires_at > now)
    if session.scalar(update(token).where(live).values(used_at=now).returning(token.id)) is None:
        raise DeadLink


def use_last(session: Session, text: str, *, user_id: uuid.UUID, now: datetime.datetime) -> None:
    """Use the link up like `use`, and end every other one of the account."""
    _drop_unsent(session, user_id)
    use(session, text, now=now)
    _end(session, user_id, now)


def end_all(session: Session, user_id: uuid.UUID, *, now: datetime.datetime) -> None:
    """End every link of an account."""
    _drop_unsent(session, user_id)
    _end(session, user_id, now)


def _drop_unsent(session: Session, user_id: uuid.UUID) -> None:
    """End what is still to be written into a mail. Comes first: a worker that writes a mail locks in this order too."""
    outbox.drop(session, user_id, kinds=tuple(LIFETIMES))


def _end(session: Session, user_id: uuid.UUID, now: datetime.datetime, *purposes: str) -> None:
    live = (AccountToken.user_id == user_id) & AccountToken.used_at.is_(None)
    session.execute(
        update(AccountToken).where(live, AccountToken.purpose.in_(purposes or LIFETIMES)).values(used_at=now)
    )


def _hash(text: str) -> bytes:
    """Return the hash to look for. Raise `DeadLink` for what no link can end with."""
    try:
        secret = base64.b64decode(text.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except ValueError:
        raise DeadLink from None
    return hashlib.sha256(secret).digest()

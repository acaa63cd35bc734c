"""The second factors of an account: setting them up, using them, removing them.

Locks are taken in the order of `passwords.services`, and factors after accounts. Every change is told by mail and
recorded. The first factor of an account comes with recovery codes; without any factor they are deleted.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Exists, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import Account
from mealplanner.auth.factors.codes import hash_of_code, new_recovery_codes, step_of
from mealplanner.auth.factors.errors import AlreadySetUp, NeedsFactor, WrongCode
from mealplanner.auth.factors.models import Authenticator, Passkey, RecoveryCode
from mealplanner.auth.jobs import SEND
from mealplanner.auth.operators.models import Operator
from mealplanner.client import Client
from mealplanner.errors import NotFound
from mealplanner.mail import outbox

WRONG = "This isn't the code that your app shows now. Enter the newest one, and check the clock of your phone."
APP = "authenticator app"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskey:
    """One line of the list."""

    id: uuid.UUID
    name: str
    created_at: datetime.datetime
    used_at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A recovery code, as far as it is known: whether it was used."""

    created_at: datetime.datetime
    used_at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The factors of an account. `app_since`: since when it has an authenticator app."""

    app_since: datetime.datetime | None
    passkeys: Sequence[OwnPasskey]
    codes: Sequence[Code]

    @property
    def any(self) -> bool:
        """Whether a password is not enough to sign in."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes still work."""
        return sum(code.used_at is None for code in self.codes)


def factors(session: Session, user_id: uuid.UUID) -> Factors:
    """Return what the account has."""
    columns = (Passkey.id, Passkey.name, Passkey.created_at, Passkey.used_at)
    passkeys = session.execute(select(*columns).where(Passkey.user_id == user_id).order_by(Passkey.created_at))
    codes = select(RecoveryCode.created_at, RecoveryCode.used_at).where(RecoveryCode.user_id == user_id)
    return Factors(
        app_since=session.scalar(select(Authenticator.created_at).where(Authenticator.user_id == user_id)),
        passkeys=[OwnPasskey(**row._mapping) for row in passkeys],
        codes=[Code(**row._mapping) for row in session.execute(codes.order_by(RecoveryCode.used_at))],
    )


def kinds(session: Session, user_id: uuid.UUID) -> frozenset[str]:
    """Return which kinds of second factors the account has, of `app` and `passkey`."""
    app = exists().where(Authenticator.user_id == user_id).label("app")
    passkey = exists().where(Passkey.user_id == user_id).label("passkey")
    found = session.execute(select(app, passkey)).one()._mapping
    return frozenset(kind for kind, there in found.items() if there)


def add_app(
    session: Session,
    account: Account,
    *,
    secret: str,
    sealed: bytes,
    code: str,
    random_bytes: Callable[[int], bytes],
    client: Client,
) -> list[str]:
    """Set up the app that has `secret`, of which `code` is proof; return recovery codes if the account had none.

    Raise `WrongCode`, and `AlreadySetUp` if there is one.
    """
    step = step_of(secret, code, client.now)
    if step is None:
        raise WrongCode(WRONG)
    if kinds(session, account.id) >= {"app"}:
        raise AlreadySetUp
    told(session, account, "factor-added", Event.FACTOR_ADDED, client, factor=APP)
    values = {"user_id": account.id, "sealed_secret": sealed, "last_step": step, "created_at": client.now}
    session.execute(insert(Authenticator).values(values))
    return first_codes(session, account, random_bytes=random_bytes, client=client)


def remove_app(session: Session, account: Account, *, client: Client) -> None:
    """Take the authenticator app away. Raise `NotFound` if there is none, and `NeedsFactor`."""
    keep_one(session, account.id, exists().where(Passkey.user_id == account.id))
    told(session, account, "factor-removed", Event.FACTOR_REMOVED, client, factor=APP)
    gone = delete(Authenticator).where(Authenticator.user_id == account.id)
    if session.scalar(gone.returning(Authenticator.user_id)) is None:
        raise NotFound
    drop_codes_without_factor(session, account.id)


def first_codes(
    session: Session, account: Account, *, random_bytes: Callable[[int], bytes], client: Client
) -> list[str]:
    """Return the recovery codes that come with the first factor; none if the account has codes."""
    if session.scalar(select(exists().where(RecoveryCode.user_id == account.id))):
        return []
    return _new_codes(session, account.id, random_bytes, client.now)


def renew_codes(
    session: Session, account: Account, *, random_bytes: Callable[[int], bytes], client: Client
) -> list[str]:
    """Put new recovery codes in the place of those that there are. Raise `NotFound` for an account without factors."""
    if not kinds(session, account.id):
        raise NotFound
    told(session, account, "codes-made", Event.CODES_MADE, client)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == account.id))
    return _new_codes(session, account.id, random_bytes, client.now)


def use_app(session: Session, user_id: uuid.UUID, code: str, *, open_: Callable[[bytes], str], client: Client) -> None:
    """Take a code of the account's app, once. `open_` opens the sealed secret. Raise `WrongCode`, with the cause."""
    columns = (Authenticator.sealed_secret, Authenticator.last_step)
    row = session.execute(select(*columns).where(Authenticator.user_id == user_id).with_for_update()).one_or_none()
    if row is None:
        raise WrongCode("No authenticator app is set up for this account. Use a passkey or a recovery code.")
    step = step_of(open_(row.sealed_secret), code, client.now)
    if step is None:
        raise WrongCode(WRONG)
    if step <= row.last_step:
        raise WrongCode("This code was used already. Wait until your app shows the next one.")
    session.execute(update(Authenticator).where(Authenticator.user_id == user_id).values(last_step=step))


def use_recovery_code(session: Session, account: Account, code: str, *, client: Client) -> None:
    """Take a recovery code, once. Raise `WrongCode`, with the cause."""
    this = (RecoveryCode.user_id == account.id) & (RecoveryCode.code_hash == hash_of_code(code))
    used = update(RecoveryCode).where(this, RecoveryCode.used_at.is_(None)).values(used_at=client.now)
    if session.scalar(used.returning(RecoveryCode.user_id)) is None:
        if session.scalar(select(RecoveryCode.used_at).where(this)) is not None:
            raise WrongCode("This recovery code was used already. Each of them works once: take another one.")
        raise WrongCode("This is none of your recovery codes. They have 16 letters and digits.")


def remove_all(session: Session, account: Account, *, client: Client) -> None:
    """Take every factor away, for a person who has lost them."""
    told(session, account, "factor-removed", Event.FACTOR_REMOVED, client, factor="every second step")
    for table in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.user_id == account.id))


def keep_one(session: Session, user_id: uuid.UUID, another: Exists) -> None:
    """Raise `NeedsFactor` unless there is `another` factor, or the account is no operator's."""
    locked = select(Operator.user_id).where(Operator.user_id == user_id).with_for_update()
    if session.scalar(locked) is not None and not session.scalar(select(another)):
        raise NeedsFactor


def drop_codes_without_factor(session: Session, user_id: uuid.UUID) -> None:
    """Delete the recovery codes if nothing is left that they stand in for."""
    if not kinds(session, user_id):
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def told(
    session: Session, account: Account, mail: str, event: Event, client: Client, *, factor: str | None = None
) -> None:
    """Mail the owner that a factor changed, and record it."""
    outbox.post(session, SEND, user_id=account.id, kind=mail, recipient=account.email)
    if factor is None:
        audit.record(session, event, account.id, client)
    else:
        audit.record(session, event, account.id, client, factor=factor)


def _new_codes(
    session: Session, user_id: uuid.UUID, random_bytes: Callable[[int], bytes], now: datetime.datetime
) -> list[str]:
    codes = new_recovery_codes(random_bytes)
    rows = [{"user_id": user_id, "code_hash": hash_of_code(code), "created_at": now} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes

"""The passkeys of an account: adding one, showing one, removing one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit.events import Event
from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of
from mealplanner.auth.errors import Disabled
from mealplanner.auth.factors import second_step
from mealplanner.auth.factors import services as factors
from mealplanner.auth.factors.half_way import HalfWay
from mealplanner.auth.factors.models import Authenticator, Passkey, UsedChallenge
from mealplanner.auth.factors.passkeys import Answered, BadPasskey, Site, checked_new, checked_shown
from mealplanner.auth.models import User
from mealplanner.auth.sessions.services import Named
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import NotFound
from mealplanner.throttle import services as throttle
from mealplanner.throttle.services import Spent

MOST: Final = 20
"""Passkeys of one account."""

UNKNOWN: Final = "This passkey isn't known here. It may have been removed from your account."
USED: Final = "This answer was used already. Please try again."


def ids(session: Session, user_id: uuid.UUID) -> list[bytes]:
    """Return what browsers know the account's passkeys by."""
    return list(session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id)))


def add(
    session: Session,
    account: Account,
    answered: Answered,
    site: Site,
    *,
    name: str,
    random_bytes: Callable[[int], bytes],
    client: Client,
) -> list[str]:
    """Add the passkey that a browser made; return recovery codes if the account had none. Raise `BadPasskey`."""
    made = checked_new(answered, site)
    _use_up(session, answered, client)
    if len(ids(session, account.id)) >= MOST:
        raise BadPasskey(f"You have {MOST} passkeys already. Remove one that you don't use.")
    factors.told(session, account, "factor-added", Event.FACTOR_ADDED, client, factor=f"passkey “{name}”")
    values = {
        "id": uuid.uuid4(), "user_id": account.id, "credential_id": made.credential_id, "name": name,
        "public_key": made.credential_public_key, "sign_count": made.sign_count, "created_at": client.now,
    }  # fmt: skip
    stored = insert(Passkey).values(values).on_conflict_do_nothing(index_elements=[Passkey.credential_id])
    if session.scalar(stored.returning(Passkey.id)) is None:
        raise BadPasskey("This passkey is set up already.")
    return factors.first_codes(session, account, random_bytes=random_bytes, client=client)


def remove(session: Session, account: Account, passkey_id: uuid.UUID, *, client: Client) -> None:
    """Take a passkey away. Raise `NotFound`, also for that of another account, and `NeedsFactor`."""
    other = exists().where(Passkey.user_id == account.id, Passkey.id != passkey_id)
    app = exists().where(Authenticator.user_id == account.id)
    factors.keep_one(session, account.id, exists(select(1).where(other | app)))
    this = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == account.id)
    name = session.scalar(this.returning(Passkey.name))
    if name is None:
        raise NotFound
    factors.told(session, account, "factor-removed", Event.FACTOR_REMOVED, client, factor=f"passkey “{name}”")
    factors.drop_codes_without_factor(session, account.id)


def count(session: UnitOfWorkSession, *, client: Client) -> Spent:
    """Count that a passkey is shown, before it is looked at. Raise `TooMany`. Commit this first."""
    return throttle.spend(session, second_step.ACTION, client)


def enter(
    session: UnitOfWorkSession,
    answered: Answered,
    site: Site,
    counted: Spent,
    *,
    new: Named,
    known: Collection[str],
    client: Client,
) -> Account:
    """Begin the session `new` for a passkey alone, and return its account. Raise `BadPasskey` and `Disabled`."""
    query = select(*ACCOUNT_COLUMNS, User.password_hash, User.disabled_at).join(Passkey, Passkey.user_id == User.id)
    row = session.execute(query.where(Passkey.credential_id == answered.credential_id)).one_or_none()
    if row is None:
        second_step.note_failure(session, None, client, what="passkey")
        raise BadPasskey(UNKNOWN)
    account = account_of(row)
    _show(session, account, answered, site, client)
    if row.disabled_at is not None:
        raise Disabled
    return second_step.finish(
        session, account, counted, password_hash=row.password_hash, new=new, known=known, client=client
    )


def enter_second(
    session: UnitOfWorkSession,
    half: HalfWay,
    answered: Answered,
    site: Site,
    counted: Spent,
    *,
    new: Named,
    known: Collection[str],
    client: Client,
) -> Account:
    """Begin the session `new` for a passkey after the password. Raise `StartAgain` and `BadPasskey`."""
    account, password_hash = second_step.whose(session, half)
    _show(session, account, answered, site, client)
    return second_step.finish(
        session, account, counted, password_hash=password_hash, new=new, known=known, client=client
    )


def _show(session: UnitOfWorkSession, account: Account, answered: Answered, site: Site, client: Client) -> None:
    """Take a passkey of the account, whose row is locked, and raise its count."""
    this = (Passkey.credential_id == answered.credential_id) & (Passkey.user_id == account.id)
    found = session.execute(select(Passkey.public_key, Passkey.sign_count).where(this).with_for_update()).one_or_none()
    try:
        if found is None:
            raise BadPasskey(UNKNOWN)
        counted = checked_shown(answered, site, public_key=found.public_key, sign_count=found.sign_count)
        _use_up(session, answered, client)
    except BadPasskey:
        second_step.note_failure(session, account, client, what="passkey")
        raise
    session.execute(update(Passkey).where(this).values(sign_count=counted, used_at=client.now))


def _use_up(session: Session, answered: Answered, client: Client) -> None:
    """Let the challenge count for no other answer."""
    digest = hashlib.sha256(answered.challenge.encode()).digest()
    used = insert(UsedChallenge).values(challenge_hash=digest, at=client.now).on_conflict_do_nothing()
    if session.scalar(used.returning(UsedChallenge.at)) is None:
        raise BadPasskey(USED)

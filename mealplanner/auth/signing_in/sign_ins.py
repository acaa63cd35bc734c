"""Sign-ins and attempts, kept for their owner to look at and to recognize familiar addresses."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Exists, delete, exists, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.audit.models import AuditEntry
from mealplanner.auth.models import User
from mealplanner.auth.signing_in.models import SignIn
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.throttle.guesses import log_wrong

TOLD_FAILURES: Final = (1, 3, *(10**power for power in range(1, 10)))
"""The wrong passwords in a row that the audit log tells of: its lines do not grow with the number of guesses."""

KEPT = 10
"""Successes and failures of each account, counted apart: failures, which strangers can cause, push out no success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSignIn:
    """One line of the list."""

    at: datetime.datetime
    address: str
    browser: str
    succeeded: bool


def recent(session: Session, user_id: uuid.UUID) -> list[PastSignIn]:
    """Return the last sign-ins and attempts, newest first."""
    columns = (SignIn.at, SignIn.address, SignIn.browser, SignIn.succeeded)
    newest = select(*columns).where(SignIn.user_id == user_id).order_by(SignIn.at.desc(), SignIn.id.desc())
    return [PastSignIn(**row._mapping) for row in session.execute(newest.limit(2 * KEPT))]


def record_success(
    session: UnitOfWorkSession, user_id: uuid.UUID, client: Client, *, provider: str | None = None
) -> None:
    """Keep a sign-in, by password or through a `provider`, if this unit of work is committed."""
    what = {"at": client.now, "address": client.address, "browser": client.browser, "succeeded": True}
    session.execute(insert(SignIn).values(user_id=user_id, **what))
    if provider is None:
        audit.record(session, Event.SIGNED_IN, user_id, client, browser=client.browser)
    else:
        event = Event.SIGNED_IN_BY_PROVIDER
        audit.record(session, event, user_id, client, browser=client.browser, provider=provider)
    session.unit_of_work.always(functools.partial(_trim, user_id=user_id, succeeded=True))


def record_failure(session: UnitOfWorkSession, user_id: uuid.UUID | None, client: Client) -> None:
    """Count and keep a failure, however this unit of work ends.

    Without an account (None) the same statements are run and find nothing, so that their time tells nothing either.
    """
    log_wrong("password", client)
    user_id, unit = user_id or uuid.uuid4(), session.unit_of_work
    keep, tell = functools.partial(_keep_failure, client=client), functools.partial(_tell_failures, client=client)
    for write in (_count_failure, keep, functools.partial(_trim, succeeded=False), tell):
        unit.always(functools.partial(_unawaited, write=functools.partial(write, user_id=user_id)))


def familiar(client: Client) -> Exists:
    """Return the condition that an account in a query of users signed in from the address of `client` before."""
    same = (SignIn.user_id == User.id) & (SignIn.address == client.address) & SignIn.succeeded
    return exists().where(same).correlate(User)


def _unawaited(connection: Connection, *, write: Callable[[Connection], None]) -> None:
    """Write without waiting for the disk: waiting would take longer where there is something to write."""
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    write(connection)


def _count_failure(connection: Connection, *, user_id: uuid.UUID) -> None:
    connection.execute(update(User).where(User.id == user_id).values(failed_logins=User.failed_logins + 1))


def _keep_failure(connection: Connection, *, user_id: uuid.UUID, client: Client) -> None:
    """Keep it unless the account was deleted in the meantime; the lock keeps it from being deleted just now."""
    values = (literal(client.now), literal(client.address), literal(client.browser), literal(False))
    known = select(User.id, *values).where(User.id == user_id).with_for_update(read=True, key_share=True)
    connection.execute(insert(SignIn).from_select(["user_id", "at", "address", "browser", "succeeded"], known))


def _tell_failures(connection: Connection, *, user_id: uuid.UUID, client: Client) -> None:
    """Have the audit log tell of so many failures in a row, if it is time to: one statement, with or without it."""
    details = func.jsonb_build_object("failures", User.failed_logins, type_=JSONB)
    values = (literal(Event.WRONG_PASSWORD.value), literal(Actor.VISITOR.value), literal(client.address))
    due = select(User.id, *values, literal(client.now), details)
    due = due.where(User.id == user_id, User.failed_logins.in_(TOLD_FAILURES)).with_for_update(
        read=True, key_share=True
    )
    columns = ["user_id", "event", "actor", "address", "at", "details"]
    connection.execute(insert(AuditEntry).from_select(columns, due))


def _trim(connection: Connection, *, user_id: uuid.UUID, succeeded: bool) -> None:
    """Delete all but the newest; what another transaction is deleting already is left to it."""
    mine = (SignIn.user_id == user_id) & (SignIn.succeeded.is_(succeeded))
    newest = select(SignIn.id).where(mine).order_by(SignIn.at.desc(), SignIn.id.desc()).limit(KEPT)
    rest = select(SignIn.id).where(mine, SignIn.id.not_in(newest)).with_for_update(skip_locked=True)
    connection.execute(delete(SignIn).where(SignIn.id.in_(rest)))

"""Making an account, and signing in to one.

Signing in is in two steps around the slow hashing, which needs no connection: `begin` counts the attempt and returns
what to compare it with, `finish` takes the outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of, has_email
from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.errors import Disabled, WrongCredentials
from mealplanner.auth.factors import services as factors
from mealplanner.auth.invitations import services as invitations
from mealplanner.auth.jobs import SEND
from mealplanner.auth.models import User
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import entering, registration, sign_ins
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle
from mealplanner.throttle.services import Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to sign in that was counted. Without an account there is nothing to compare the password with."""

    account: Account | None = None
    password_hash: str | None = None
    disabled: bool = False
    failed_logins: int = 0
    whose: Mapping[str, object]
    counted: Spent


def register(
    session: UnitOfWorkSession,
    *,
    email: str,
    password_hash: str,
    client: Client | None = None,
    new: Named | None = None,
    verified: bool = False,
    time_zone: str = "UTC",
    units: str = "metric",
    hours: str = "24h",
    dates: str = "day-first",
    policy: str = "open",
    invitation: str | None = None,
) -> Account:
    """Make an account, and mail a link to confirm the address unless it is `verified` already.

    Where a `client` registers, that is its first sign-in, which begins the session `new`. `invitation` ends the link
    that it came with. Raise `EmailTaken` when the address has an account, however it is spelled, `RegistrationClosed`
    when the `policy` of the installation allows no more, and `DeadInvitation`.
    """
    registration.admit(session, policy, invited=invitation is not None)
    verified_at = func.now() if verified else None
    shown = {"time_zone": time_zone, "units": units, "hours": hours, "dates": dates}
    user = User(email=email, password_hash=password_hash, verified_at=verified_at, **shown)
    with savepoint(session):
        session.add(user)
        session.flush()  # the constraint answers here, where the form can still show it
    if not verified:
        outbox.post(session, SEND, user_id=user.id, kind="verify", recipient=email)
    came_with = {}
    if invitation is not None and client is not None:
        used = invitations.use(session, invitation, user_id=user.id, now=client.now)
        came_with["invitation"] = str(used)
    actor = Actor.SELF if client else Actor.OPERATOR
    audit.record(session, Event.ACCOUNT_MADE, user.id, client, actor=actor, **came_with)
    if client is not None and new is not None:
        sign_ins.record_success(session, user.id, client)
        sessions.begin(session, user.id, new, password_hash=password_hash, client=client)
    return account_of(session.execute(select(*ACCOUNT_COLUMNS).where(User.id == user.id)).one())


def begin(session: UnitOfWorkSession, *, email: str, client: Client) -> Attempt:
    """Count an attempt to sign in before it is looked at. Raise `TooMany`. Commit this before the password is hashed.

    Attempts from an address that the account signed in from before are counted apart from those of strangers, so that
    strangers cannot keep the owner out.
    """
    found = session.execute(_by_email(email, client)).one_or_none()
    if found is None:
        whose: dict[str, object] = {"account": normal_form(email)}
        return Attempt(whose=whose, counted=throttle.spend(session, "login", client, **whose))
    account = account_of(found)
    whose = {"pair": f"{account.id} {client.address}"} if found.familiar else {"account": account.id}
    return Attempt(
        account=account,
        password_hash=found.password_hash,
        disabled=found.disabled_at is not None,
        failed_logins=found.failed_logins,
        whose=whose,
        counted=throttle.spend(session, "login", client, **whose),
    )


def finish(
    session: UnitOfWorkSession,
    attempt: Attempt,
    *,
    password_hash: str | None,
    new: Named,
    known: Collection[str],
    client: Client,
) -> tuple[Account, frozenset[str]]:
    """Return the account that signed in, and the kinds of second factors of which one is still to be shown.

    Its password has `password_hash` from now on; None if it was wrong. Without a second factor the session `new`
    begins, and the owner is told by mail unless the account is `known` in the browser. Raise `WrongCredentials` and
    `Disabled`. A failure is noted and kept, whatever becomes of the request.
    """
    account = attempt.account
    if account is None or password_hash is None:
        sign_ins.record_failure(session, account.id if account is not None else None, client)
        raise WrongCredentials
    if attempt.disabled:
        raise Disabled
    throttle.forget(session, "login", **attempt.whose)
    throttle.give_back(session, attempt.counted)
    missing = factors.kinds(session, account.id)
    if missing:
        _tidy_up(session, account, attempt, password_hash)
        return account, missing
    entering.announce(session, account, new, known=known, client=client)
    _tidy_up(session, account, attempt, password_hash)
    entering.enter(session, account, new, password_hash=password_hash, client=client)
    return account, missing


def _by_email(email: str, client: Client) -> Select[*tuple[Any, ...]]:
    columns = (*ACCOUNT_COLUMNS, User.password_hash, User.failed_logins, User.disabled_at)
    return select(*columns, sign_ins.familiar(client).label("familiar")).where(has_email(email))


def _tidy_up(session: Session, account: Account, attempt: Attempt, password_hash: str) -> None:
    """After a success failures are forgotten, and a renewed hash is stored unless the password was changed just now."""
    if attempt.failed_logins:
        session.execute(update(User).where(User.id == account.id).values(failed_logins=0))
    if password_hash != attempt.password_hash:
        unchanged = (User.id == account.id) & (User.password_hash == attempt.password_hash)
        session.execute(update(User).where(unchanged).values(password_hash=password_hash))

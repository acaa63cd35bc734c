"""Accounts: making one, signing in, finding out who somebody is."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of, has_email
from mealplanner.auth.errors import Disabled, WrongCredentials
from mealplanner.auth.jobs import SEND
from mealplanner.auth.models import User
from mealplanner.auth.passwords.hashing import check_new, hashed, matches, outdated
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle


def register(session: UnitOfWorkSession, *, email: str, password: str, verified: bool = False) -> Account:
    """Makes an account, and mails a link to confirm the address unless that is `verified` already.

    Raises `EmailTaken` when the address has an account, in whatever case it is written, and `Invalid`.
    """
    check_new(password, email=email)
    user = User(email=email, password_hash=hashed(password), verified_at=func.now() if verified else None)
    with savepoint(session):
        session.add(user)
        session.flush()  # the constraint answers here, where the form can still show it
    if not verified:
        outbox.post(session, SEND, user_id=user.id, kind="verify", recipient=email)
    return account_of(session.execute(select(*ACCOUNT_COLUMNS).where(User.id == user.id)).one())


def sign_up(session: UnitOfWorkSession, *, email: str, password: str, client: Client) -> Account:
    """Makes an account for somebody who knocks. Raises what `register` does, and `TooMany`."""
    throttle.spend(session, "register", client)
    session.unit_of_work.release()  # as below
    account = register(session, email=email, password=password)
    sign_ins.record_success(session, account.id, client)
    return account


def authenticate(session: UnitOfWorkSession, *, email: str, password: str, client: Client) -> Account:
    """The account of `email`. Raises `WrongCredentials`, `TooMany` and `Disabled`.

    A failure is counted and kept, whatever becomes of the request. Failures from an address that the account signed in
    from before are counted apart from those of strangers, so that strangers cannot keep anybody out.
    """
    found = session.execute(_by_email(email, client)).one_or_none()
    whose = {"pair": f"{email} {client.address}"} if found is not None and found.familiar else {"account": email}
    throttle.check(session, "login", client, **whose)
    session.unit_of_work.release()  # verifying takes tens of milliseconds, and nobody should wait meanwhile
    right = matches(password, found.password_hash if found is not None else None)
    if found is None or not right:
        throttle.count(session, "login", client, **whose)
        sign_ins.record_failure(session, found.id if found is not None else None, client)
        raise WrongCredentials
    if found.disabled_at is not None:
        raise Disabled
    _tidy_up(session, found.id, password, found.password_hash, found.failed_logins)
    throttle.forget(session, "login", **whose)
    sign_ins.record_success(session, found.id, client)
    return account_of(found)


def _by_email(email: str, client: Client) -> Select[*tuple[Any, ...]]:
    columns = (*ACCOUNT_COLUMNS, User.password_hash, User.failed_logins, User.disabled_at)
    return select(*columns, sign_ins.familiar(client).label("familiar")).where(has_email(email))


def _tidy_up(session: Session, user_id: uuid.UUID, password: str, password_hash: str, failed_logins: int) -> None:
    """After a success: failures are forgotten, and a hash with parameters of the past is made again."""
    renewed = hashed(password) if outdated(password_hash) else password_hash  # first, while nothing is held
    if failed_logins:
        session.execute(update(User).where(User.id == user_id).values(failed_logins=0))
    if renewed != password_hash:
        unchanged = (User.id == user_id) & (User.password_hash == password_hash)
        session.execute(update(User).where(unchanged).values(password_hash=renewed))

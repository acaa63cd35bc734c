"""What people change about their accounts: proven by a link from a mail, or by the password they have.

Sessions end by a new session token. Locks are taken in one order everywhere: mails, links, accounts.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import Account, change, has_email
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.jobs import FORGOTTEN, SEND, forgotten_lock
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.models import User
from mealplanner.auth.passwords.hashing import check_new, hashed, matches
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import Client
from mealplanner.db.uow import savepoint, unit_of_work_of
from mealplanner.errors import Invalid, Unauthenticated
from mealplanner.jobs.queue import cancel_locked, enqueue
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle

WRONG = "This is not your password."
SAME = "This is your address already."


def ask_verification(session: Session, account: Account, *, client: Client) -> None:
    """Mails another link to confirm the address, unless it is confirmed. Raises `TooMany`."""
    if account.verified:
        return
    throttle.spend(session, "mail", client, person=account.id)
    outbox.post(session, SEND, user_id=account.id, kind="verify", recipient=account.email)


def address_link(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """The link to confirm an address, if it works or has worked. Raises `DeadLink`."""
    link = links.find(session, text, now=now)
    if link.purpose == "reset" or link.state is State.DEAD:
        raise DeadLink
    return link


def confirm_address(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """Takes the link's word for it that mail arrives; a new address counts from here on, and the old one is told.

    Doing it twice is fine. Raises `DeadLink`, and `EmailTaken` when the new address has an account meanwhile.
    """
    link = address_link(session, text, now=now)
    if link.state is State.DONE:
        return link
    try:
        if link.purpose == "verify":
            links.use(session, text, now=now)
            change(session, link.user_id, verified_at=now)
        else:
            links.use_last(session, text, user_id=link.user_id, now=now)
            _change_address(session, link, now)
    except DeadLink:
        return address_link(session, text, now=now)  # the other click of a double one may have done it
    return link


def ask_reset(session: Session, *, email: str, client: Client) -> None:
    """Mails a link to choose another password. Raises `TooMany`.

    What happens here is the same whether or not there is such an account; a job finds that out.
    """
    throttle.spend(session, "forgot", client, account=email)
    user_id = session.scalar(select(User.id).where(has_email(email))) or uuid.uuid4()
    enqueue(session, FORGOTTEN, lock=forgotten_lock(user_id), user_id=str(user_id), mail_id=str(uuid.uuid4()))


def drop_forgotten(session: Session, user_id: uuid.UUID) -> None:
    """Takes back what `ask_reset` asked for, when the person goes."""
    cancel_locked(session, forgotten_lock(user_id))


def reset_link(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """The link to choose another password, if it works. Raises `DeadLink`."""
    link = links.find(session, text, now=now)
    if link.purpose != "reset" or link.state is not State.LIVE:
        raise DeadLink
    return link


def reset_password(session: Session, text: str, *, password: str, client: Client) -> None:
    """Another password for whoever reads the account's mail, which confirms the address too; ends every session.

    It counts among the sign-ins: where it happened is familiar from now on, so no stranger's guesses keep the person
    from signing in there. Raises `DeadLink`, also for the second of two at once, and `Invalid` for a password that may
    not be chosen.
    """
    link = reset_link(session, text, now=client.now)
    check_new(password, email=link.email)
    unit_of_work_of(session).release()  # hashing takes tens of milliseconds
    password_hash = hashed(password)
    links.use_last(session, text, user_id=link.user_id, now=client.now)
    verified_at = func.coalesce(User.verified_at, client.now)
    _replace_password(session, link.user_id, password_hash, now=client.now, verified_at=verified_at)
    throttle.forget_account(session, "login", email=link.email)
    sign_ins.record_success(session, link.user_id, client)
    outbox.post(session, SEND, user_id=link.user_id, kind="password-changed", recipient=link.email)


def check_password(session: Session, account: Account, *, password: str, client: Client) -> str:
    """Raises `Invalid` at `present_password` unless it is the account's, `TooMany` after too many guesses.

    Holds no connection while it works; call it before anything is written. Returns the hash that was matched: what it
    proves holds only while the account still has it, so whoever writes must ask for it.
    """
    whose = f"{account.email} {client.address}"  # strangers who guess elsewhere cannot keep the person out here
    throttle.check(session, "login", client, pair=whose)
    password_hash = session.scalar(select(User.password_hash).where(User.id == account.id))
    unit_of_work_of(session).release()
    if password_hash is None or not matches(password, password_hash):
        throttle.count(session, "login", client, pair=whose)
        sign_ins.record_failure(session, account.id, client)
        raise Invalid({"present_password": [WRONG]})
    return password_hash


def still_proven(session: Session, account: Account, proof: str) -> None:
    """Raises `Invalid` if the password is another since `check_password`; until the commit it stays what it is.

    Raises `Unauthenticated` if the account was deleted meanwhile.
    """
    mine = select(User.password_hash).where(User.id == account.id)
    password_hash = session.scalar(mine.with_for_update(key_share=True))  # the lock that a change of it takes
    if password_hash is None:
        raise Unauthenticated
    if password_hash != proof:
        raise Invalid({"present_password": [WRONG]})


def change_password(
    session: Session, account: Account, *, present_password: str, password: str, client: Client
) -> Account:
    """Another password; ends every session and every link. Returns the account with the token of its new session.

    Raises `Invalid` and `TooMany`.
    """
    check_new(password, email=account.email)
    proof = check_password(session, account, password=present_password, client=client)
    password_hash = hashed(password)
    links.end_all(session, account.id, now=client.now)
    still_proven(session, account, proof)
    changed = _replace_password(session, account.id, password_hash, now=client.now)
    outbox.post(session, SEND, user_id=account.id, kind="password-changed", recipient=account.email)
    return changed


def ask_new_address(session: Session, account: Account, *, present_password: str, email: str, client: Client) -> None:
    """Mails a link to the new address, which counts once that was opened. Raises `Invalid` and `TooMany`.

    Whether the address has an account is not said here: only who reads its mail may know.
    """
    if email == account.email:
        raise Invalid({"email": [SAME]})
    proof = check_password(session, account, password=present_password, client=client)
    throttle.spend(session, "mail", client, person=account.id)
    still_proven(session, account, proof)
    outbox.post(session, SEND, user_id=account.id, kind="change-email", recipient=email)


def save_settings(session: Session, account: Account, *, time_zone: str, units: str) -> Account:
    """Where the person is, and how they weigh."""
    return change(session, account.id, time_zone=time_zone, units=units)


def _change_address(session: Session, link: Link, now: datetime.datetime) -> None:
    old = session.scalars(select(User.email).where(User.id == link.user_id)).one()
    with savepoint(session):  # the constraint answers here, where it can still be said
        change(session, link.user_id, email=link.email, verified_at=now)
    outbox.post(session, SEND, user_id=link.user_id, kind="email-changed", recipient=old)


def _replace_password(
    session: Session, user_id: uuid.UUID, password_hash: str, *, now: datetime.datetime, **values: Any
) -> Account:
    """Ends every session, and once more every link: one may have been asked for with the old password just now."""
    values |= {"password_hash": password_hash, "session_token": uuid.uuid4(), "failed_logins": 0}
    changed = change(session, user_id, **values)
    links.end_all(session, user_id, now=now)
    return changed

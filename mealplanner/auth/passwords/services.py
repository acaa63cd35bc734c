"""What people change about their accounts: proven by a link from a mail, or by the password they have.

Sessions end by a new session token. Locks are taken in one order everywhere: mails, links, accounts.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mealplanner.auth.accounts import Account, change, has_email
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.jobs import FORGOTTEN, SEND, forgotten_lock
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.models import User
from mealplanner.auth.passwords.hashing import check_new, hashed, matches
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import Client, utc_now
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import Invalid, Unauthenticated
from mealplanner.jobs.queue import cancel_locked, enqueue
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle

WRONG = "This is not your password."
SAME = "This is your address already."


def ask_reset(session: UnitOfWorkSession, *, email: str, client: Client) -> None:
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


def reset_password(session: UnitOfWorkSession, text: str, *, password: str, client: Client) -> None:
    """Another password for whoever reads the account's mail, which confirms the address too; ends every session.

    It counts among the sign-ins: where it happened is familiar from now on, so no stranger's guesses keep the person
    from signing in there. Raises `DeadLink`, also for the second of two at once, and `Invalid` for a password that may
    not be chosen.
    """
    link = reset_link(session, text, now=client.now)
    check_new(password, email=link.email)
    session.unit_of_work.release()  # hashing takes tens of milliseconds
    password_hash = hashed(password)
    links.use_last(session, text, user_id=link.user_id, now=client.now)
    verified_at = func.coalesce(User.verified_at, client.now)
    _replace_password(session, link.user_id, password_hash, now=client.now, verified_at=verified_at)
    throttle.forget_account(session, "login", email=link.email)
    sign_ins.record_success(session, link.user_id, client)
    outbox.post(session, SEND, user_id=link.user_id, kind="password-changed", recipient=link.email)


def check_password(session: UnitOfWorkSession, account: Account, *, password: str, client: Client) -> str:
    """Raises `Invalid` at `present_password` unless it is the account's, `TooMany` after too many guesses.

    Holds no connection while it works; call it before anything is written. Returns the hash that was matched: what it
    proves holds only while the account still has it, so whoever writes must ask for it.
    """
    whose = f"{account.email} {client.address}"  # strangers who guess elsewhere cannot keep the person out here
    throttle.check(session, "login", client, pair=whose)
    password_hash = session.scalar(select(User.password_hash).where(User.id == account.id))
    session.unit_of_work.release()
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
    session: UnitOfWorkSession, account: Account, *, present_password: str, password: str, client: Client
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


def set_password(session: Session, *, email: str, password: str) -> bool:
    """Gives the account of `email` another password and ends its sessions and links; False when there is no account.

    Raises `Invalid` for one that is short or easy to guess.
    """
    check_new(password, email=email)
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        return False
    links.end_all(session, user_id, now=utc_now())
    new = {"password_hash": hashed(password), "session_token": uuid.uuid4(), "failed_logins": 0}
    session.execute(update(User).where(User.id == user_id).values(new))
    return True


def _replace_password(
    session: Session, user_id: uuid.UUID, password_hash: str, *, now: datetime.datetime, **values: Any
) -> Account:
    """Ends every session, and once more every link: one may have been asked for with the old password just now."""
    values |= {"password_hash": password_hash, "session_token": uuid.uuid4(), "failed_logins": 0}
    changed = change(session, user_id, **values)
    links.end_all(session, user_id, now=now)
    return changed

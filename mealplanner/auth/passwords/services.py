"""Proving a password that one has, and putting another one in its place.

A proof is in two steps around the slow hashing, which needs no connection: `ask_proof` counts the guess and returns
what to compare it with, `take_proof` takes the outcome. Locks are taken in one order everywhere: throttles, mails,
links, accounts, sessions, tokens.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.auth.accounts import Account, change, has_email
from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.api_tokens import services as api_tokens
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.jobs import FORGOTTEN, SEND, forgotten_lock
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.models import User
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import Invalid, Unauthenticated
from mealplanner.jobs.queue import cancel_locked, enqueue
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle
from mealplanner.throttle.services import Spent

WRONG: Final = "This is not your password."


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A guess at the password of the person who is signed in, which was counted; None if the account is gone."""

    password_hash: str | None
    counted: tuple[Spent, ...]


def ask_proof(session: UnitOfWorkSession, account: Account, *, client: Client) -> Guess:
    """Count a guess before it is looked at. Raise `TooMany`. Commit this before the password is hashed.

    Guesses are counted where they are made, together with those of signing in there, and over all addresses, so that
    a stolen cookie guesses no faster from many. Neither keeps the owner from signing in anywhere else.
    """
    where = throttle.spend(session, "login", client, pair=f"{account.id} {client.address}")
    overall = throttle.spend(session, "password", client, person=account.id)
    password_hash = session.scalar(select(User.password_hash).where(User.id == account.id))
    return Guess(password_hash=password_hash, counted=(where, overall))


def take_proof(session: UnitOfWorkSession, account: Account, guess: Guess, *, right: bool, client: Client) -> str:
    """Give a right guess back and return its hash; note a wrong one and raise `Invalid` at `present_password`."""
    if guess.password_hash is None or not right:
        sign_ins.record_failure(session, account.id, client)
        raise Invalid({"present_password": [WRONG]})
    throttle.give_back(session, *guess.counted)
    return guess.password_hash


def still_proven(session: Session, account: Account, proof: str) -> None:
    """Raise `Invalid` if the password is another one since `proof`, its hash, was taken; it stays until the commit.

    Raise `Unauthenticated` if the account was deleted in the meantime.
    """
    mine = select(User.password_hash).where(User.id == account.id)
    password_hash = session.scalar(mine.with_for_update(key_share=True))  # the lock that a change of it takes
    if password_hash is None:
        raise Unauthenticated
    if password_hash != proof:
        raise Invalid({"present_password": [WRONG]})


def change_password(
    session: Session,
    account: Account,
    *,
    proof: str,
    password_hash: str,
    but: Named,
    client: Client,
    end_tokens: bool = False,
) -> Account:
    """Put another password in the place of the one that `proof` shows; end every link and every session `but` one.

    API tokens are ended if `end_tokens` says so. Raise what `still_proven` does.
    """
    links.end_all(session, account.id, now=client.now)
    still_proven(session, account, proof)
    changed = _replace(session, account.id, password_hash, now=client.now, but=but)
    audit.record(session, Event.PASSWORD_CHANGED, account.id, client)
    if end_tokens:
        api_tokens.end_all(session, account.id, now=client.now, client=client)
    outbox.post(session, SEND, user_id=account.id, kind="password-changed", recipient=account.email)
    return changed


def ask_reset(session: UnitOfWorkSession, *, email: str, client: Client) -> None:
    """Mail a link to choose another password. Raise `TooMany`.

    The same is done here whether or not there is such an account; a job finds that out.
    """
    user_id = session.scalar(select(User.id).where(has_email(email)))
    throttle.spend(session, "forgot", client, account=user_id or normal_form(email))
    asked = user_id or uuid.uuid4()
    enqueue(session, FORGOTTEN, lock=forgotten_lock(asked), user_id=str(asked), mail_id=str(uuid.uuid4()))


def drop_forgotten(session: Session, user_id: uuid.UUID) -> None:
    """Take back what `ask_reset` asked for, when the account is deleted."""
    cancel_locked(session, forgotten_lock(user_id))


def reset_link(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """Return the link to choose another password, if it works. Raise `DeadLink`."""
    link = links.find(session, text, now=now)
    if link.purpose != "reset" or link.state is not State.LIVE:
        raise DeadLink
    return link


def reset_password(session: UnitOfWorkSession, text: str, link: Link, *, password_hash: str, client: Client) -> int:
    """Put another password in place by the link that ends with `text`; end every session and confirm the address.

    It ends every API token too, since a stranger may have had the account, and returns how many there were.
    It counts among the sign-ins: where it happened is familiar from now on, so the guesses of strangers do not keep the
    person from signing in there. Raise `DeadLink`, also for the second of two at once.
    """
    throttle.forget_guesses(session, link.user_id)
    links.use_last(session, text, user_id=link.user_id, now=client.now)
    verified_at = func.coalesce(User.verified_at, client.now)
    _replace(session, link.user_id, password_hash, now=client.now, verified_at=verified_at)
    audit.record(session, Event.PASSWORD_RESET, link.user_id, client)
    sign_ins.record_success(session, link.user_id, client)
    outbox.post(session, SEND, user_id=link.user_id, kind="password-changed", recipient=link.email)
    return api_tokens.end_all(session, link.user_id, now=client.now, client=client)


def set_password(session: Session, *, email: str, password_hash: str, now: datetime.datetime) -> bool:
    """Give the account of `email` another password, as its operator; return False when there is no account.

    It ends every session, every link and any wait.
    """
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        return False
    throttle.forget_guesses(session, user_id)
    links.end_all(session, user_id, now=now)
    _replace(session, user_id, password_hash, now=now)
    audit.record(session, Event.PASSWORD_CHANGED, user_id, actor=Actor.OPERATOR)
    return True


def _replace(
    session: Session,
    user_id: uuid.UUID,
    password_hash: str,
    *,
    now: datetime.datetime,
    but: Named | None = None,
    **values: Any,
) -> Account:
    """End sessions, and once more every link: one may have been asked for with the old password just now."""
    change(session, user_id, password_hash=password_hash, failed_logins=0, **values)
    account = sessions.end_all(session, user_id, but=but)
    links.end_all(session, user_id, now=now)
    return account

"""The second step of signing in, after the password: counted, then checked, then the session begins."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable, Collection
from typing import Final, Literal

from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from mealplanner.audit.events import Actor, Event
from mealplanner.audit.models import AuditEntry
from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.factors import services as factors
from mealplanner.auth.factors.codes import of_an_app
from mealplanner.auth.factors.errors import StartAgain, WrongCode
from mealplanner.auth.factors.half_way import HalfWay, digest
from mealplanner.auth.factors.sealing import Unreadable
from mealplanner.auth.jobs import SEND
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.models import User
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import entering, sign_ins
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle
from mealplanner.throttle.guesses import log_wrong
from mealplanner.throttle.services import Spent

ACTION: Final = "factor"


def count(session: UnitOfWorkSession, half: HalfWay, *, client: Client) -> Spent:
    """Count an attempt at the second step before it is looked at. Raise `TooMany`. Commit this first.

    As with passwords, attempts from where the account signed in before are counted apart from those of strangers.
    """
    familiar = session.scalar(select(sign_ins.familiar(client)).select_from(User).where(User.id == half.user_id))
    if familiar:
        return throttle.spend(session, ACTION, client, pair=f"{half.user_id} {client.address}")
    return throttle.spend(session, ACTION, client, account=half.user_id)


def enter(
    session: UnitOfWorkSession,
    half: HalfWay,
    counted: Spent,
    *,
    code: str,
    open_: Callable[[bytes], str],
    new: Named,
    known: Collection[str],
    client: Client,
) -> Account:
    """Begin the session `new` for a code of the app, or a recovery code, and return the account.

    Raise `StartAgain` if the password was changed meanwhile, and `WrongCode`, which is recorded.
    """
    account, password_hash = whose(session, half)
    try:
        if of_an_app(code):
            factors.use_app(session, account.id, code, open_=open_, client=client)
        else:
            factors.use_recovery_code(session, account, code, client=client)
            factors.told(session, account, "code-used", Event.CODE_USED, client)
    except (WrongCode, Unreadable):
        note_failure(session, account, client, what="code")
        raise
    return finish(session, account, counted, password_hash=password_hash, new=new, known=known, client=client)


def finish(
    session: UnitOfWorkSession,
    account: Account,
    counted: Spent,
    *,
    password_hash: str,
    new: Named,
    known: Collection[str],
    client: Client,
) -> Account:
    """Give the attempt back, which was right, and begin the session `new`."""
    throttle.give_back(session, counted)
    entering.announce(session, account, new, known=known, client=client)
    entering.enter(session, account, new, password_hash=password_hash, client=client)
    return account


def ask_removal(session: UnitOfWorkSession, half: HalfWay, *, client: Client) -> None:
    """Mail a link that takes every factor away, to a person who knows the password. Raise `TooMany`, `StartAgain`."""
    throttle.spend(session, "mail", client, person=half.user_id)
    account, _ = whose(session, half)
    outbox.post(session, SEND, user_id=account.id, kind="factors", recipient=account.email)


def remove_by_link(session: Session, text: str, *, client: Client) -> None:
    """Take every factor away by the link that ends with `text`. Raise `DeadLink`."""
    link = removal_link(session, text, now=client.now)
    links.use_last(session, text, user_id=link.user_id, now=client.now)
    row = session.execute(select(*ACCOUNT_COLUMNS).where(User.id == link.user_id)).one()
    factors.remove_all(session, account_of(row), client=client)


def removal_link(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """Return the link that takes every factor away, if it works. Raise `DeadLink`."""
    link = links.find(session, text, now=now)
    if link.purpose != "factors" or link.state is not State.LIVE:
        raise DeadLink
    return link


def note_failure(
    session: UnitOfWorkSession, account: Account | None, client: Client, *, what: Literal["code", "passkey"]
) -> None:
    """Record a second step that was wrong, however this unit of work ends; of no account where none is known."""
    log_wrong(what, client)
    if account is not None:
        session.unit_of_work.always(functools.partial(_note, user_id=account.id, client=client))


def _note(connection: Connection, *, user_id: uuid.UUID, client: Client) -> None:
    values = {"event": Event.WRONG_CODE.value, "actor": Actor.VISITOR.value, "address": client.address}
    literals = (literal(value) for value in values.values())
    known = select(User.id, *literals, literal(client.now), literal({}, JSONB)).where(User.id == user_id)
    columns = ["user_id", *values, "at", "details"]
    connection.execute(insert(AuditEntry).from_select(columns, known.with_for_update(read=True, key_share=True)))


def whose(session: Session, half: HalfWay) -> tuple[Account, str]:
    """Return the account whose password was right, with its hash. Raise `StartAgain` if it was changed or closed."""
    mine = select(*ACCOUNT_COLUMNS, User.password_hash).where(User.id == half.user_id, User.disabled_at.is_(None))
    row = session.execute(mine).one_or_none()
    if row is None or digest(row.password_hash) != half.proof:
        raise StartAgain
    return account_of(row), row.password_hash

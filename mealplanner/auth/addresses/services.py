"""Confirming and changing an e-mail address, each by a link in a mail to it."""

from __future__ import annotations

import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import Account, change
from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.errors import DeadLink
from mealplanner.auth.jobs import SEND
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import Link, State
from mealplanner.auth.models import User
from mealplanner.auth.passwords.services import still_proven
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession, savepoint
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle


def ask_verification(session: UnitOfWorkSession, account: Account, *, client: Client) -> None:
    """Mail another link to confirm the address, unless it is confirmed. Raise `TooMany`."""
    if account.verified:
        return
    throttle.spend(session, "mail", client, person=account.id)
    outbox.post(session, SEND, user_id=account.id, kind="verify", recipient=account.email)


def address_link(session: Session, text: str, *, now: datetime.datetime) -> Link:
    """Return the link to confirm an address, if it works or has worked. Raise `DeadLink`."""
    link = links.find(session, text, now=now)
    if link.purpose not in ("verify", "change-email") or link.state is State.DEAD:
        raise DeadLink
    return link


def confirm_address(session: UnitOfWorkSession, text: str, *, client: Client) -> Link:
    """Confirm the address that the link went to; a new one takes the place of the old one, whose owner is told.

    Doing it twice is fine. Raise `DeadLink`, and `EmailTaken` when the new address has an account by now.
    """
    now = client.now
    link = address_link(session, text, now=now)
    if link.state is State.DONE:
        return link
    try:
        if link.purpose == "verify":
            links.use(session, text, now=now)
            change(session, link.user_id, verified_at=now)
            audit.record(session, Event.ADDRESS_CONFIRMED, link.user_id, client)
        else:
            links.use_last(session, text, user_id=link.user_id, now=now)
            _change_address(session, link, client)
    except DeadLink:
        return address_link(session, text, now=now)  # the other click of a double one may have done it
    return link


def ask_new_address(session: UnitOfWorkSession, account: Account, *, proof: str, email: str, client: Client) -> None:
    """Mail a link to the new address, which counts once that was opened. Raise `TooMany` and what `still_proven` does.

    Whether the address has an account is not said here: only its owner, who reads the mail, may know.
    """
    throttle.spend(session, "mail", client, person=account.id)
    still_proven(session, account, proof)
    outbox.post(session, SEND, user_id=account.id, kind="change-email", recipient=email)


def _change_address(session: UnitOfWorkSession, link: Link, client: Client) -> None:
    old = session.scalars(select(User.email).where(User.id == link.user_id)).one()
    with savepoint(session):  # the constraint answers here, where it can still be said
        change(session, link.user_id, email=link.email, email_key=normal_form(link.email), verified_at=client.now)
    audit.record(session, Event.ADDRESS_CHANGED, link.user_id, client, old=old, new=link.email)
    outbox.post(session, SEND, user_id=link.user_id, kind="email-changed", recipient=old)

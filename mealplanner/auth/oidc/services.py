"""Linking an account to one at a provider, and signing in with that one.

An account is linked by its owner only, who is signed in and has just typed the password. That a provider knows the same
e-mail address proves nothing, so it links nothing.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Event
from mealplanner.auth.accounts import ACCOUNT_COLUMNS, Account, account_of
from mealplanner.auth.errors import Disabled
from mealplanner.auth.factors import services as factors
from mealplanner.auth.models import User
from mealplanner.auth.oidc.errors import NotLinked
from mealplanner.auth.oidc.models import OidcIdentity
from mealplanner.auth.oidc.values import Identity
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import entering
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession, savepoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An account at a provider that is linked."""

    issuer: str
    subject: str
    label: str
    linked_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came through the provider, and the kinds of second factors of which one is still to be shown."""

    account: Account
    password_hash: str
    missing: frozenset[str]


def linked(session: Session, user_id: uuid.UUID) -> Sequence[Linked]:
    """Return what the account is linked to."""
    columns = (OidcIdentity.issuer, OidcIdentity.subject, OidcIdentity.label, OidcIdentity.linked_at)
    rows = session.execute(select(*columns).where(OidcIdentity.user_id == user_id).order_by(OidcIdentity.issuer))
    return [Linked(**row._mapping) for row in rows]


def link(session: UnitOfWorkSession, user_id: uuid.UUID, identity: Identity, *, name: str, client: Client) -> None:
    """Link the account to `identity`, in place of another one there. Raise `LinkedElsewhere`."""
    told = {"subject": identity.subject, "label": identity.label, "linked_at": client.now}
    new = insert(OidcIdentity).values(user_id=user_id, issuer=identity.issuer, **told)
    with savepoint(session):  # the constraint answers here, where it can still be said
        session.execute(
            new.on_conflict_do_update(index_elements=[OidcIdentity.user_id, OidcIdentity.issuer], set_=told)
        )
    audit.record(session, Event.PROVIDER_LINKED, user_id, client, provider=name, label=identity.label)


def unlink(session: Session, user_id: uuid.UUID, issuer: str, *, name: str, client: Client) -> None:
    """End what links the account to a provider, if it is linked."""
    this = delete(OidcIdentity).where(OidcIdentity.user_id == user_id, OidcIdentity.issuer == issuer)
    label = session.scalar(this.returning(OidcIdentity.label))
    if label is not None:
        audit.record(session, Event.PROVIDER_UNLINKED, user_id, client, provider=name, label=label)


def enter(
    session: UnitOfWorkSession, identity: Identity, *, name: str, new: Named, known: Collection[str], client: Client
) -> Entered:
    """Return the account that is linked to `identity`. Raise `NotLinked` and `Disabled`.

    Without a second factor the session `new` begins, and the owner is told by mail unless the account is `known` in the
    browser.
    """
    columns = (*ACCOUNT_COLUMNS, User.password_hash, User.disabled_at)
    query = select(*columns).join(OidcIdentity, OidcIdentity.user_id == User.id)
    same = (OidcIdentity.issuer == identity.issuer, OidcIdentity.subject == identity.subject)
    found = session.execute(query.where(*same)).one_or_none()
    if found is None:
        raise NotLinked(name)
    if found.disabled_at is not None:
        raise Disabled
    entered = Entered(account_of(found), found.password_hash, factors.kinds(session, found.account_id))
    if not entered.missing:
        entering.announce(session, entered.account, new, known=known, client=client)
        proof = entered.password_hash
        entering.enter(session, entered.account, new, password_hash=proof, client=client, provider=name)
    return entered

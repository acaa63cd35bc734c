"""Everything that is stored about a person: to download, or to delete."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.audit import services as audit
from mealplanner.audit.events import Actor, Event
from mealplanner.audit.services import Entry
from mealplanner.auth.accounts import Account, has_email
from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.errors import UnknownAccount
from mealplanner.auth.factors import services as factors
from mealplanner.auth.factors.services import Factors
from mealplanner.auth.invitations import services as invitations
from mealplanner.auth.invitations.values import UsedInvitation
from mealplanner.auth.links import services as links
from mealplanner.auth.links.services import PastLink
from mealplanner.auth.models import User
from mealplanner.auth.oidc import services as oidc
from mealplanner.auth.oidc.services import Linked
from mealplanner.auth.operators.services import operator_since
from mealplanner.auth.passwords import services as passwords
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.sessions.services import Device
from mealplanner.auth.signing_in import sign_ins
from mealplanner.auth.signing_in.sign_ins import PastSignIn
from mealplanner.calendar import services as calendar
from mealplanner.larder import queries as larder_queries
from mealplanner.larder.values import Larder, Move
from mealplanner.mail import outbox
from mealplanner.mail.outbox import PastMail
from mealplanner.menu import services as menu_services
from mealplanner.menu.generation import proposals
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.planned_days import queries as planned_days
from mealplanner.menu.rebalancing import services as rebalancing
from mealplanner.menu.rebalancing.values import PastRequest
from mealplanner.menu.usual.queries import usual_meals
from mealplanner.menu.usual.values import Usual
from mealplanner.preferences import services as preferences_services
from mealplanner.preferences.values import StoredPreferences
from mealplanner.recipes import queries as recipes_queries
from mealplanner.recipes.opinions.queries import opinions
from mealplanner.recipes.opinions.values import Opinions
from mealplanner.shopping.records import Records, records
from mealplanner.spending import queries as spending
from mealplanner.spending.values import MonthlyUse
from mealplanner.throttle import services as throttle
from mealplanner.tokens import services as api_tokens
from mealplanner.tokens.values import ApiTokenValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What is stored about a person, but for what would let others in, the hashes of the password and of links, and for
    what there may be much of: see `sections`."""

    account: Account
    created_at: datetime.datetime
    preferences: StoredPreferences
    skip_energy: str | None
    keep_menu_months: int | None
    planned_days: Mapping[datetime.date, uuid.UUID]
    """Which menu each day belongs to."""
    rebalancings: Sequence[PastRequest]
    ratings: Mapping[str, int]
    opinions: Opinions
    usual_meals: Sequence[Usual]
    shopping: Records
    larder: Larder
    larder_moves: Sequence[tuple[uuid.UUID, Move]]
    calendar_feed: datetime.datetime | None
    """When the address of their calendar was made."""
    proposals: Sequence[tuple[uuid.UUID, Proposed]]
    """What a model proposed, with the id of the menu."""
    model_use: Sequence[MonthlyUse]
    sessions: Sequence[Device]
    invitation: UsedInvitation | None
    factors: Factors
    linked: Sequence[Linked]
    sign_ins: Sequence[PastSignIn]
    audit: Sequence[Entry]
    links: Sequence[PastLink]
    api_tokens: Sequence[ApiTokenValue]
    mails: Sequence[PastMail]
    operator_since: datetime.datetime | None


def everything(session: Session, account: Account) -> Everything:
    """Return what there is not much of, in a few queries."""
    user = session.execute(
        select(User.created_at, User.skip_energy, User.keep_menu_months).where(User.id == account.id)
    ).one()
    return Everything(
        account=account,
        created_at=user.created_at,
        skip_energy=user.skip_energy,
        keep_menu_months=user.keep_menu_months,
        preferences=preferences_services.get(session, account.id),
        planned_days=planned_days.owners(session, account.id),
        rebalancings=rebalancing.past_requests(session, account.id),
        ratings=recipes_queries.ratings(session, account.id),
        opinions=opinions(session, account.id),
        usual_meals=usual_meals(session, account.id),
        shopping=records(session, account.id),
        larder=larder_queries.larder(session, account.id),
        larder_moves=larder_queries.moves(session, account.id),
        calendar_feed=calendar.made_at(session, account.id),
        proposals=proposals.of_person(session, account.id),
        model_use=spending.months(session, account.id),
        factors=factors.factors(session, account.id),
        sessions=sessions.devices(session, account.id),
        linked=oidc.linked(session, account.id),
        invitation=invitations.used_by(session, account.id),
        sign_ins=sign_ins.recent(session, account.id),
        audit=audit.all_entries(session, account.id),
        links=links.history(session, account.id),
        api_tokens=api_tokens.history(session, account.id),
        mails=outbox.history(session, account.id),
        operator_since=operator_since(session, account.id),
    )


def delete(session: Session, account: Account, *, proof: str) -> None:
    """Delete the account with everything that belongs to it, and cancel its jobs.

    `proof` is the hash of the password that was typed. Raise what `still_proven` does.
    """
    _delete_what_is_beside(session, account.id, account.email)
    passwords.still_proven(session, account, proof)
    session.execute(sql_delete(User).where(User.id == account.id))
    audit.record(session, Event.ACCOUNT_DELETED, None)


def remove(session: Session, *, email: str) -> None:
    """Delete the account of `email` with everything that belongs to it, as an operator. Raise `UnknownAccount`."""
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is None:
        raise UnknownAccount(email)
    _delete_what_is_beside(session, user_id, email)
    session.execute(sql_delete(User).where(User.id == user_id))
    audit.record(session, Event.ACCOUNT_DELETED, None, actor=Actor.OPERATOR)


def forget_unused(session: Session, *, email: str) -> None:
    """Delete an account that was never used, if it is still there."""
    user_id = session.scalar(select(User.id).where(has_email(email)))
    if user_id is not None:
        _delete_what_is_beside(session, user_id, email)
        session.execute(sql_delete(User).where(User.id == user_id))
        audit.record(session, Event.ACCOUNT_DELETED, None, actor=Actor.SYSTEM)


def _delete_what_is_beside(session: Session, user_id: uuid.UUID, email: str) -> None:
    """Delete what does not go with the row of the account, in the order in which others lock: before that row."""
    throttle.forget_person(session, user_id=user_id, email_key=normal_form(email))
    outbox.drop(session, user_id)
    passwords.drop_forgotten(session, user_id)
    menu_services.delete_all(session, user_id)

"""What is deleted by age, and in which portions.

A rule deletes at most `most` things at a time, and leaves what another transaction has locked to the next time. Rules
of people are asked about some accounts at a time, which are found by the indexes that their pages need anyway, so that
none is there for retention alone. docs/operations.md lists every table with what becomes of its rows.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Update,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from mealplanner.audit.models import AuditEntry
from mealplanner.audit.services import KEPT as AUDIT_KEPT
from mealplanner.auth.api_tokens.models import ApiToken
from mealplanner.auth.factors.models import CHALLENGES_KEPT, UsedChallenge
from mealplanner.auth.invitations.models import Invitation
from mealplanner.auth.invitations.services import REMEMBERED as INVITATIONS_KEPT
from mealplanner.auth.links.models import AccountToken
from mealplanner.auth.links.services import REMEMBERED as LINKS_KEPT
from mealplanner.auth.models import User
from mealplanner.auth.sessions.lifetime import IDLE, LONGEST
from mealplanner.auth.sessions.models import OpenSession
from mealplanner.auth.signing_in.models import SignIn
from mealplanner.db.base import Base
from mealplanner.larder.models import LarderMove
from mealplanner.mail.models import Mail
from mealplanner.mail.outbox import KEPT_DAYS as MAILS_KEPT
from mealplanner.menu import services as menus
from mealplanner.menu.models import Meal, Menu, Proposal
from mealplanner.menu.usual.models import UsualMeal
from mealplanner.personal_data import services as accounts
from mealplanner.preferences.models import UserProfile
from mealplanner.recipes.models import Rating, Recipe
from mealplanner.shopping.models import Baseline, OwnItem, Share, Tick
from mealplanner.spending.models import Budget, ModelCall
from mealplanner.throttle.limits import FORGOTTEN as THROTTLES_KEPT
from mealplanner.throttle.models import Throttle
from mealplanner.tokens.services import REMEMBERED as TOKENS_KEPT

DAY: Final = datetime.timedelta(days=1)

People = Collection[uuid.UUID]

KEPT: Final = {
    "unused accounts": 30 * DAY,
    "failed menus": 90 * DAY,
    "own dishes": 365 * DAY,
    "sign-ins": 365 * DAY,
    "links to lists": 90 * DAY,
    "shopping": 400 * DAY,
    "larder moves": 400 * DAY,
    "texts of calls": 180 * DAY,
    "calls": 730 * DAY,
    "budgets": 760 * DAY,
}
"""Besides those that rooms define themselves. Shopping and the larder are kept for longer than a year, so that last
Christmas can be looked at when this one is planned."""


ROWS_AT_ONCE: Final = 1000
_AT_ONCE: Final[ColumnElement[int]] = literal_column(str(ROWS_AT_ONCE))
"""Written into the statement: a plan for any number of rows would read the whole table."""

MENUS_AT_ONCE: Final = 20
ACCOUNTS_AT_ONCE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of thing that is deleted. `run` returns how many it deleted: fewer than `most` when none is left."""

    name: str
    run: Callable[[Session, People, datetime.datetime], int]
    most: int = ROWS_AT_ONCE


Condition = Callable[[datetime.datetime], ColumnElement[bool]]


def _rows(name: str, model: type[Base], old: Condition, *, owner: Any = None) -> Rule:
    """Return the rule that deletes the rows of a table that are `old`, those of some people if it has an `owner`."""
    key = tuple(model.__table__.primary_key)

    def run(session: Session, people: People, now: datetime.datetime) -> int:
        mine = (owner.in_(people),) if owner is not None else ()
        some = select(*key).where(*mine, old(now)).limit(_AT_ONCE).with_for_update(skip_locked=True, of=model)
        chosen = some.cte("chosen")
        found = session.execute(delete(model).where(tuple_(*key).in_(select(*chosen.c))))
        return _count(found)

    return Rule(name=name, run=run)


def _changed(name: str, model: type[Base], old: Condition, *, owner: Any, change: Update) -> Rule:
    """Return the rule that makes `change` to the rows of some people that are `old`."""
    key = tuple(model.__table__.primary_key)

    def run(session: Session, people: People, now: datetime.datetime) -> int:
        some = select(*key).where(owner.in_(people), old(now)).limit(_AT_ONCE).with_for_update(skip_locked=True)
        chosen = some.cte("chosen")
        return _count(session.execute(change.where(tuple_(*key).in_(select(*chosen.c)))))

    return Rule(name=name, run=run)


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


def _old_menus(session: Session, people: People, now: datetime.datetime) -> int:
    """Delete menus that their owner wants kept for so many months only, and those that were never made."""
    ended = Menu.start_date + Menu.days
    chosen = User.keep_menu_months.is_not(None) & (
        ended < literal(now.date()) - func.make_interval(0, User.keep_menu_months)
    )
    stopped = Menu.status.in_(("failed", "cancelled")) & (Menu.created_at < now - KEPT["failed menus"])
    over = or_(chosen & Menu.status.not_in(("queued", "running")), stopped)
    query = select(Menu.user_id, Menu.id).join(User, User.id == Menu.user_id).where(Menu.user_id.in_(people), over)
    found = session.execute(query.order_by(Menu.user_id, Menu.id).limit(MENUS_AT_ONCE)).all()
    for user_id, menu_id in found:
        menus.delete(session, user_id, menu_id)
    return len(found)


def _unused_accounts(session: Session, people: People, now: datetime.datetime) -> int:
    """Delete accounts whose address was never confirmed and that were never used: no preferences, no menu, and no
    sign-in for a time. Without mail no address is ever confirmed, so that alone says nothing.
    """
    limit = now - KEPT["unused accounts"]
    used = (
        exists().where(UserProfile.user_id == User.id),
        exists().where(Menu.user_id == User.id),
        exists().where(SignIn.user_id == User.id, SignIn.succeeded, SignIn.at > limit),
    )
    unused = (User.id.in_(people), User.verified_at.is_(None), User.created_at < limit, *(~use for use in used))
    emails = session.scalars(select(User.email).where(*unused).order_by(User.id).limit(ACCOUNTS_AT_ONCE)).all()
    for email in emails:
        accounts.forget_unused(session, email=email)
    return len(emails)


_unserved = ~exists().where(Meal.recipe_id == Recipe.id) & ~exists().where(Proposal.recipe_id == Recipe.id)
_unwanted = ~exists().where(
    Rating.user_id == Recipe.owner_id, Rating.slug == Recipe.slug, Rating.value > 0
) & ~exists().where(UsualMeal.user_id == Recipe.owner_id, UsualMeal.slug == Recipe.slug)
_TEXTS = update(ModelCall).values(sent=None, received=None)


def _before(column: Any, kept: datetime.timedelta) -> Condition:
    return lambda now: column < now - kept


def _day_before(column: Any, kept: datetime.timedelta) -> Condition:
    return lambda now: column < (now - kept).date()


_old_dish = _before(Recipe.created_at, KEPT["own dishes"])

OF_PEOPLE: Final[tuple[Rule, ...]] = (
    Rule(name="menus", run=_old_menus, most=MENUS_AT_ONCE),
    _rows("deleted dishes", Recipe, lambda _now: _unserved & Recipe.retired_at.is_not(None), owner=Recipe.owner_id),
    _rows("own dishes", Recipe, lambda now: _unserved & _unwanted & _old_dish(now), owner=Recipe.owner_id),
    _rows(
        "mails",
        Mail,
        lambda now: (Mail.created_at < now - MAILS_KEPT * DAY) & Mail.status.not_in(("waiting", "sending")),
        owner=Mail.user_id,
    ),
    _rows("links", AccountToken, _before(AccountToken.expires_at, LINKS_KEPT), owner=AccountToken.user_id),
    _rows(
        "sessions",
        OpenSession,
        lambda now: or_(OpenSession.used_at < now - IDLE, OpenSession.created_at < now - LONGEST),
        owner=OpenSession.user_id,
    ),
    _rows("sign-ins", SignIn, _before(SignIn.at, KEPT["sign-ins"]), owner=SignIn.user_id),
    _rows(
        "API tokens",
        ApiToken,
        _before(func.least(ApiToken.ended_at, ApiToken.expires_at), TOKENS_KEPT),
        owner=ApiToken.user_id,
    ),
    _rows("links to lists", Share, _before(Share.expires_at, KEPT["links to lists"]), owner=Share.user_id),
    _rows("shopping ticks", Tick, _day_before(Tick.last_day, KEPT["shopping"]), owner=Tick.user_id),
    _rows("shopping items", OwnItem, _day_before(OwnItem.last_day, KEPT["shopping"]), owner=OwnItem.user_id),
    _rows("shopping baselines", Baseline, _day_before(Baseline.last_day, KEPT["shopping"]), owner=Baseline.user_id),
    _rows("larder moves", LarderMove, _before(LarderMove.moved_at, KEPT["larder moves"]), owner=LarderMove.user_id),
    _changed(
        "texts of calls",
        ModelCall,
        lambda now: (
            (ModelCall.created_at < now - KEPT["texts of calls"])
            & or_(ModelCall.sent.is_not(None), ModelCall.received.is_not(None))
            & ModelCall.outcome.is_not(None)
        ),
        owner=ModelCall.user_id,
        change=_TEXTS,
    ),
    _rows(
        "calls",
        ModelCall,
        lambda now: (ModelCall.created_at < now - KEPT["calls"]) & ModelCall.outcome.is_not(None),
        owner=ModelCall.user_id,
    ),
    _rows("budgets", Budget, _day_before(Budget.month, KEPT["budgets"]), owner=Budget.user_id),
    Rule(name="unused accounts", run=_unused_accounts, most=ACCOUNTS_AT_ONCE),
)
"""In this order: dishes follow the menus that served them."""

OF_ALL: Final[tuple[Rule, ...]] = (
    _rows("throttles", Throttle, _before(Throttle.at, THROTTLES_KEPT)),
    _rows(
        "invitations",
        Invitation,
        lambda now: (Invitation.expires_at < now - INVITATIONS_KEPT) & Invitation.used_at.is_(None),
    ),
    _rows("used challenges", UsedChallenge, _before(UsedChallenge.at, CHALLENGES_KEPT)),
    _rows("audit entries", AuditEntry, _before(AuditEntry.at, AUDIT_KEPT)),
)
"""Rules of rows that belong to no account: an index by time finds them, or there are few."""


def with_people(rule: Rule, people: People, now: datetime.datetime) -> Callable[[Session], int]:
    """Return the work of one transaction."""
    return lambda session: rule.run(session, people, now)

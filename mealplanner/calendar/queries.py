"""Reading what calendars need beside the menus themselves."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, func, select
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.calendar.errors import DeadFeed
from mealplanner.calendar.models import Feed
from mealplanner.calendar.values import Revision, Revisions
from mealplanner.db import read
from mealplanner.menu.assembly import AnyRow
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.models import Meal, Menu, ends_after
from mealplanner.menu.queries import WHOLE
from mealplanner.unguessable import hash_of

_users, _feeds = User.__table__.c, Feed.__table__.c
_menus, _meals, _edits = Menu.__table__.c, Meal.__table__.c, MenuEdit.__table__.c

_SINCE = bindparam("since", type_=Date)

_FEED = (
    select(_feeds.id.label("feed_id"), _users.time_zone, _users.units, *WHOLE)
    .select_from(Feed.__table__)
    .join(User.__table__, _users.id == _feeds.user_id)
    .join(
        Menu.__table__,
        (_menus.user_id == _feeds.user_id) & (_menus.status == "ready") & ends_after(_SINCE),
        isouter=True,
    )
    .where(_feeds.token_hash == bindparam("token_hash"), _users.disabled_at.is_(None))
    .order_by(_menus.created_at.desc(), _menus.id)
)

_REVISIONS = (
    select(
        _meals.id,
        (_meals.changed_in - 1).label("number"),
        func.coalesce(_edits.made_at, _menus.finished_at, _menus.created_at).label("at"),
    )
    .select_from(Meal.__table__)
    .join(Menu.__table__, _menus.id == _meals.menu_id)
    .join(MenuEdit.__table__, (_edits.menu_id == _menus.id) & (_edits.version == _meals.changed_in), isouter=True)
    .where(_meals.menu_id == any_(bindparam("menu_ids", type_=ARRAY(Uuid))))
)


def followed(session: Session, token: str, *, since: datetime.date) -> Sequence[AnyRow]:
    """Return a row for each menu of a feed with days from `since` on, the newest first, or one without a menu.

    Each row also has the feed, and the time zone and units of its owner. Raise `DeadFeed` for an address that does not
    work, whatever the reason.
    """
    rows = read(session, _FEED, {"token_hash": hash_of(token), "since": since}).all()
    if not rows:
        raise DeadFeed
    return rows


def revisions(session: Session, menu_ids: Sequence[uuid.UUID]) -> Revisions:
    """Return the revision of each meal of these menus."""
    found = read(session, _REVISIONS, {"menu_ids": list(menu_ids)})
    return {row.id: Revision(row.number, row.at) for row in found}

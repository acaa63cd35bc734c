"""Reading and saving how a person eats."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.models import UserProfile
from mealplanner.preferences.values import Preferences, StoredPreferences

_FIELDS = tuple(Preferences().as_dict())
_COLUMNS = tuple(getattr(UserProfile, name) for name in _FIELDS)
_STORED = select(*_COLUMNS, UserProfile.version, UserProfile.settled_dislikes).where(
    UserProfile.user_id == bindparam("user_id")
)

_TABLE = UserProfile.metadata.tables[UserProfile.__tablename__]
_SAVED = (_TABLE.c.version, _TABLE.c.settled_dislikes)
_FIRST = insert(_TABLE).on_conflict_do_nothing().returning(*_SAVED)
_NEXT = (
    update(_TABLE)
    .where(_TABLE.c.user_id == bindparam("whose"), _TABLE.c.version == bindparam("over"))
    .values(version=_TABLE.c.version + 1)
    .returning(*_SAVED)
)
"""The fields come with the parameters. Of the table rather than of the entity, of which no session has one loaded."""


def get(session: Session, user_id: uuid.UUID) -> StoredPreferences:
    """Return what the person saved last, or the defaults as version 0."""
    found = session.execute(_STORED, {"user_id": user_id}).one_or_none()
    if found is None:
        return StoredPreferences(Preferences(), 0)
    *values, version, settled = found
    return StoredPreferences(Preferences(**dict(zip(_FIELDS, values, strict=True))), version, tuple(settled))


def save(
    session: Session,
    user_id: uuid.UUID,
    *,
    preferences: Preferences,
    version: int,
    settled: Sequence[str] | None = None,
) -> StoredPreferences:
    """Store `preferences` over `version`. Raise `StalePreferences` when that is not the newest any more.

    Which dislikes are `settled` stays as it is when they are None. Saving the same again, as after a double click or a
    lost answer, stores it once and is no conflict.
    """
    values = preferences.as_dict() | ({} if settled is None else {"settled_dislikes": list(settled)})
    if version == 0:
        saved = session.execute(_FIRST, {**values, "user_id": user_id, "version": 1}).one_or_none()
    else:
        saved = session.execute(_NEXT, {**values, "whose": user_id, "over": version}).one_or_none()
    if saved is not None:
        return StoredPreferences(preferences, saved.version, tuple(saved.settled_dislikes))
    stored = get(session, user_id)
    wanted = stored.settled if settled is None else tuple(settled)
    if stored != StoredPreferences(preferences, version + 1, wanted):
        raise StalePreferences(stored)
    return stored

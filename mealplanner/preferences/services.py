"""Reading and saving how a person eats."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.models import UserProfile
from mealplanner.preferences.values import Preferences, StoredPreferences

_FIELDS = tuple(Preferences().as_dict())
_COLUMNS = tuple(getattr(UserProfile, name) for name in _FIELDS)
_STORED = select(*_COLUMNS, UserProfile.version).where(UserProfile.user_id == bindparam("user_id"))

_TABLE = UserProfile.metadata.tables[UserProfile.__tablename__]
_FIRST = insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.version)
_NEXT = (
    update(_TABLE)
    .where(_TABLE.c.user_id == bindparam("whose"), _TABLE.c.version == bindparam("over"))
    .values(version=_TABLE.c.version + 1)
    .returning(_TABLE.c.version)
)
"""The fields come with the parameters. Of the table rather than of the entity, of which no session has one loaded."""


def get(session: Session, user_id: uuid.UUID) -> StoredPreferences:
    """Return what the person saved last, or the defaults as version 0."""
    found = session.execute(_STORED, {"user_id": user_id}).one_or_none()
    if found is None:
        return StoredPreferences(Preferences(), 0)
    *values, version = found
    return StoredPreferences(Preferences(**dict(zip(_FIELDS, values, strict=True))), version)


def save(session: Session, user_id: uuid.UUID, *, preferences: Preferences, version: int) -> StoredPreferences:
    """Store `preferences` over `version`. Raise `StalePreferences` when that is not the newest any more.

    Saving the same again, as after a double click or a lost answer, stores it once and is no conflict.
    """
    values = preferences.as_dict()
    if version == 0:
        saved = session.scalar(_FIRST, {**values, "user_id": user_id, "version": 1})
    else:
        saved = session.scalar(_NEXT, {**values, "whose": user_id, "over": version})
    if saved is not None:
        return StoredPreferences(preferences, saved)
    stored = get(session, user_id)
    if stored != StoredPreferences(preferences, version + 1):
        raise StalePreferences(stored)
    return stored

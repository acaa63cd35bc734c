"""Reading and saving how a person eats."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.preferences.errors import StalePreferences
from mealplanner.preferences.models import UserProfile
from mealplanner.preferences.values import Preferences, StoredPreferences

_FIELDS = tuple(Preferences().as_dict())
_COLUMNS = tuple(getattr(UserProfile, name) for name in _FIELDS)


def get(session: Session, user_id: uuid.UUID) -> StoredPreferences:
    """What the person saved last, or the defaults as version 0."""
    query = select(*_COLUMNS, UserProfile.version).where(UserProfile.user_id == user_id)
    found = session.execute(query).one_or_none()
    if found is None:
        return StoredPreferences(Preferences(), 0)
    *values, version = found
    return StoredPreferences(Preferences(**dict(zip(_FIELDS, values, strict=True))), version)


def save(session: Session, user_id: uuid.UUID, *, preferences: Preferences, version: int) -> StoredPreferences:
    """Stores `preferences` over `version`. Raises `StalePreferences` when that is not the newest any more."""
    values = preferences.as_dict()
    if version == 0:
        first = insert(UserProfile).values(user_id=user_id, version=1, **values)
        statement = first.on_conflict_do_nothing().returning(UserProfile.version)
    else:
        newer = update(UserProfile).where(UserProfile.user_id == user_id, UserProfile.version == version)
        statement = newer.values(version=UserProfile.version + 1, updated_at=func.now(), **values).returning(
            UserProfile.version
        )  # type: ignore[assignment]
    saved = session.scalar(statement)
    if saved is None:
        raise StalePreferences(get(session, user_id))
    return StoredPreferences(preferences, saved)

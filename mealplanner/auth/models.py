"""Accounts."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, Index, SmallInteger, func, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.addresses.normal_form import normal_form
from mealplanner.auth.errors import EmailTaken
from mealplanner.db.base import Base
from mealplanner.errors import Unauthenticated


def _key_of_email(context: DefaultExecutionContext) -> str:
    return normal_form(context.get_current_parameters()["email"])


class User(Base):
    """An account. `session_token` is what cookies of the release before name (see `sessions.previous_release`).

    Mail goes to `email`; `email_key` is its normal form, by which the account is found and which no other account has.
    `verified_at` says since when mail is known to arrive at `email`. `time_zone` is a name of the IANA database;
    `hours` and `dates` say how times of the day and dates are written. While `disabled_at` is set, there is no signing
    in.
    """

    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(default=_key_of_email)
    password_hash: Mapped[str]
    session_token: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    failed_logins: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    verified_at: Mapped[datetime.datetime | None]
    disabled_at: Mapped[datetime.datetime | None]
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default=text("'UTC'"))
    units: Mapped[str] = mapped_column(default="metric", server_default=text("'metric'"))
    hours: Mapped[str] = mapped_column(default="24h", server_default=text("'24h'"))
    dates: Mapped[str] = mapped_column(default="day-first", server_default=text("'day-first'"))
    skip_energy: Mapped[str | None]
    """What the person chose last for the energy of a meal they skip; None until they are asked."""
    keep_menu_months: Mapped[int | None] = mapped_column(SmallInteger)
    """For how long after their last day menus are kept; None: for as long as the account."""
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index("uq_users_email_key", "email_key", unique=True, info={"error": EmailTaken}),
        Index("ix_users_email_key_begins", "email_key", postgresql_ops={"email_key": "text_pattern_ops"}),
        CheckConstraint("units IN ('metric', 'imperial')", name="units_known"),
        CheckConstraint("hours IN ('12h', '24h')", name="hours_known"),
        CheckConstraint("dates IN ('day-first', 'month-first')", name="dates_known"),
        CheckConstraint("keep_menu_months > 0", name="keep_menu_months_positive"),
        CheckConstraint("skip_energy IN ('reserved', 'shared')", name="skip_energy_known"),
        {"info": {"gone": Unauthenticated}},  # what to say when the account was deleted while its owner wrote
    )

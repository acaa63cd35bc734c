"""Accounts at a provider that are linked to accounts here, as they are stored."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.auth.oidc.errors import LinkedElsewhere
from mealplanner.db.base import Base


class OidcIdentity(Base):
    """An account at a provider, which signs in to the account `user_id` here. Each account has one at each provider."""

    __tablename__ = "oidc_identities"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    label: Mapped[str]
    linked_at: Mapped[datetime.datetime]

    __table_args__ = (
        Index("uq_oidc_identities_issuer_subject", "issuer", "subject", unique=True, info={"error": LinkedElsewhere}),
    )

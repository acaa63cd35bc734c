"""Who runs this site."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class Operator(Base):
    """An account that may open the pages of the administration; only a command makes one."""

    __tablename__ = "operators"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime.datetime] = mapped_column(server_default=func.now())

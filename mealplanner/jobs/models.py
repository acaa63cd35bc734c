"""What the queue's own tables do not tell: whom a job is for, what a worker serves, and when housekeeping was done.

Nothing here refers to the library's tables by a foreign key, so that both may change on their own. The sweep deletes
what belongs to jobs and workers that are gone.
"""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from mealplanner.db.base import Base


class JobPerson(Base):
    """The person whom a job is for: see `fairness`."""

    __tablename__ = "job_people"

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)


class QueueWorker(Base):
    """A worker of the queue, by the id that the library gives it."""

    __tablename__ = "queue_workers"

    worker_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    host: Mapped[str]
    pid: Mapped[int]
    lanes: Mapped[list[str]]
    started_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())


class Chore(Base):
    """Housekeeping that one worker does for all: when it was last asked for, and last done."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime.datetime]
    done_at: Mapped[datetime.datetime | None]

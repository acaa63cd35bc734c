"""Housekeeping: tasks that workers ask for by themselves every so often, once for all workers together."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.jobs.models import Chore
from mealplanner.jobs.queue import enqueue
from mealplanner.jobs.tasks import Task

log = logging.getLogger(__name__)


def ask(session: Session, tasks: Iterable[Task]) -> None:
    """Enqueue those of `tasks` that were last asked for longer ago than their `every`.

    Of workers that ask at the same time, one does: the others wait for its row and then see that it was asked for.
    """
    for task in tasks:
        if task.every is None:
            continue
        due = Chore.asked_at <= func.now() - datetime.timedelta(seconds=task.every)
        asked = insert(Chore).values(name=task.name, asked_at=func.now())
        again = asked.on_conflict_do_update(
            index_elements=[Chore.name], set_={"asked_at": asked.excluded.asked_at}, where=due
        )
        if session.scalar(again.returning(Chore.name)) is not None:
            enqueue(session, task, lock=task.name)


def note_done(session: Session, task: Task) -> None:
    """Store that housekeeping was done just now, for the metric of its age."""
    session.execute(update(Chore).where(Chore.name == task.name).values(done_at=func.now()))

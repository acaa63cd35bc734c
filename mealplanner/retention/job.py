"""The job that deletes what is old, once a day: many short transactions, each with few rows."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.client import utc_now
from mealplanner.jobs.lanes import HOUSEKEEPING
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.recipes.errors import RecipeInUse
from mealplanner.retention.rules import OF_ALL, OF_PEOPLE, People, Rule, with_people

log = logging.getLogger(__name__)

DAILY: Final = 24 * 3600.0

PEOPLE: Final = 200
"""Accounts that are looked at together."""


def tidy(context: JobContext) -> None:
    """Apply every rule until it finds nothing; what is not done when the worker stops is done the next time."""
    deleted: Counter[str] = Counter()
    for people in _everyone(context):
        for rule in OF_PEOPLE if people else OF_ALL:
            deleted[rule.name] += _applied(context, rule, people)
    told = ", ".join(f"{count} {name}" for name, count in deleted.items() if count)
    log.info("deleted what was old: %s", told or "there was nothing")


def _applied(context: JobContext, rule: Rule, people: People) -> int:
    """Apply a rule until it finds nothing more, and return how many it deleted."""
    deleted, found = 0, rule.most
    while found == rule.most:
        context.check()
        try:
            found = context.database.run(with_people(rule, people, utc_now()))
        except RecipeInUse:  # a menu that was finished just now serves it
            log.info("%s are left for the next time, since one is in use again", rule.name)
            break
        deleted += found
    return deleted


def _everyone(context: JobContext) -> Iterator[People]:
    """Yield no account, for what belongs to none, and then all accounts, some at a time."""
    yield ()
    last = uuid.UUID(int=0)
    while people := context.database.run(partial(_after, last=last)):
        yield people
        last = people[-1]


def _after(session: Session, last: uuid.UUID) -> list[uuid.UUID]:
    return list(session.scalars(select(User.id).where(User.id > last).order_by(User.id).limit(PEOPLE)))


TIDY: Final = Task(name="retention.tidy", queue=HOUSEKEEPING.queue, run=tidy, every=DAILY)

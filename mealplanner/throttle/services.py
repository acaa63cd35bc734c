"""Counting attempts where every process sees them: in the database, in transactions that no rollback takes along.

The count is written after the request's own transaction has ended, so as many attempts as there are threads may pass
together before it is seen. Each of them is counted, though, and lengthens the wait that follows.
"""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Iterator

from sqlalchemy import Connection, delete, extract, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import TooMany
from mealplanner.throttle.limits import FORGOTTEN, LIMITS, Limit, in_words
from mealplanner.throttle.models import Throttle

SWEPT_AT_ONCE = 20
"""Old rows that go with each count: more than come, and never enough to be noticed."""


def spend(session: UnitOfWorkSession, action: str, client: Client, **whose: object) -> None:
    """Checks and counts an attempt at `action`. Raises `TooMany`; whoever has to wait is not counted.

    `whose` names the counters beside the client's address, as in `account=email`: the kinds that `LIMITS` knows for
    `action`.
    """
    check(session, action, client, **whose)
    count(session, action, client, **whose)


def check(session: Session, action: str, client: Client, **whose: object) -> None:
    """Raises `TooMany` with the longest wait of the counters, if there is one."""
    limits = dict(_counters(action, client, whose))
    if not limits:
        return
    wanted = tuple_(Throttle.action, Throttle.key).in_([(action, key) for key in limits])
    rows = session.execute(select(Throttle.key, Throttle.level, Throttle.at).where(wanted))
    waits = [limits[key].wait_left(level, at, client.now) for key, level, at in rows]
    longest = max(waits, default=datetime.timedelta())
    if longest:
        raise TooMany(in_words(longest), seconds=longest.total_seconds())


def count(session: UnitOfWorkSession, action: str, client: Client, **whose: object) -> None:
    """Counts an attempt once this unit of work has ended, however it ends."""
    unit = session.unit_of_work
    for key, limit in _counters(action, client, whose):
        unit.always(functools.partial(_raise_level, action=action, key=key, limit=limit, now=client.now))
    unit.always(functools.partial(_sweep, now=client.now))


def forget(session: Session, action: str, **whose: object) -> None:
    """Takes back everything that was counted for `whose`, when the attempt turned out to be theirs to make."""
    keys = [_key(kind, value) for kind, value in whose.items()]
    session.execute(delete(Throttle).where(Throttle.action == action, Throttle.key.in_(keys)))


def forget_account(session: Session, action: str, *, email: str) -> None:
    """Takes back everything that was counted for an account, wherever it is familiar too: its password is another."""
    session.execute(
        delete(Throttle).where(
            Throttle.action == action,
            (Throttle.key == _key("account", email))
            | Throttle.key.startswith(_key("pair", f"{email} "), autoescape=True),
        )
    )


def forget_person(session: Session, *, email: str, user_id: uuid.UUID) -> None:
    """Takes back everything that was counted for somebody who goes, whatever it was that they tried."""
    keys = (_key("account", email), _key("person", user_id))
    pairs = Throttle.key.startswith(_key("pair", f"{email} "), autoescape=True)
    session.execute(delete(Throttle).where(Throttle.key.in_(keys) | pairs))


def locked(session: Session, action: str, kind: str, client: Client) -> dict[str, datetime.datetime]:
    """Who has to wait with `action` now, and until when."""
    limit = LIMITS[action, kind].for_leniency(client.leniency)
    of_kind = Throttle.key.startswith(_key(kind, ""), autoescape=True)
    rows = session.execute(select(Throttle.key, Throttle.level, Throttle.at).where(Throttle.action == action, of_kind))
    return {
        key.partition(":")[2]: at + limit.wait(level)
        for key, level, at in rows
        if limit.wait_left(level, at, client.now)
    }


def _counters(action: str, client: Client, whose: dict[str, object]) -> Iterator[tuple[str, Limit]]:
    """Every counter of an attempt, with its limit."""
    for kind, value in whose.items():
        yield _key(kind, value), LIMITS[action, kind].for_leniency(client.leniency)
    if client.from_elsewhere and (action, "address") in LIMITS and "pair" not in whose:
        yield _key("address", client.address), LIMITS[action, "address"].for_leniency(client.leniency)


def _key(kind: str, value: object) -> str:
    return f"{kind}:{value}".lower()


def _raise_level(connection: Connection, *, action: str, key: str, limit: Limit, now: datetime.datetime) -> None:
    passed = func.greatest(0, extract("epoch", literal(now) - Throttle.at)) / limit.refill.total_seconds()
    first = insert(Throttle).values(action=action, key=key, level=1, at=now)
    connection.execute(
        first.on_conflict_do_update(
            index_elements=[Throttle.action, Throttle.key],
            set_={
                "level": func.least(limit.most, func.greatest(0, Throttle.level - passed) + 1),
                "at": func.greatest(Throttle.at, now),
            },
        )
    )


def _sweep(connection: Connection, *, now: datetime.datetime) -> None:
    """Deletes what is old; rows that somebody else is about are left to the next one."""
    old = select(Throttle.action, Throttle.key).where(Throttle.at < now - FORGOTTEN).order_by(Throttle.at)
    some = old.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True).cte("some")  # runs once; a subquery may run often
    chosen = select(some.c.action, some.c.key)
    connection.execute(delete(Throttle).where(tuple_(Throttle.action, Throttle.key).in_(chosen)))

"""Counting attempts where every process sees them: in the database, before the attempt is made.

`spend` raises the counters and locks them until its transaction ends, so of any number of attempts at once no more get
through than the limit allows. Where the attempt itself is slow or may fail, as a password that is checked, run `spend`
in a transaction that is committed first, and `give_back` what turned out to be right. When a counter cannot be written,
the attempt is not made either.
"""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, delete, func, literal_column, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import TooMany
from mealplanner.throttle.guesses import Secret, log_refused, log_wrong
from mealplanner.throttle.limits import FORGOTTEN, LIMITS, Limit, in_words
from mealplanner.throttle.models import Throttle

SWEPT_AT_ONCE = 20
"""Old rows that go with each count: more than come, and never enough to be noticed."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One counter that was raised: its level before and after, and the time of the attempt before."""

    key: str
    level_before: float
    at_before: datetime.datetime
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """An attempt that was counted, for `give_back`."""

    action: str
    at: datetime.datetime
    counters: tuple[Raised, ...]


def spend(session: UnitOfWorkSession, action: str, client: Client, **whose: object) -> Spent:
    """Count an attempt at `action`. Raise `TooMany`, and count nothing, while there is a wait.

    `whose` names the counters beside the client's address, as in `account=user_id`: the kinds that `LIMITS` knows for
    `action`.
    """
    limits = dict(sorted(_counters(action, client, whose)))  # every transaction locks them in this order
    if not limits:
        return Spent(action=action, at=client.now, counters=())
    found = _locked(session, action, list(limits), client.now)
    longest = max(limits[key].wait_left(level, at, client.now) for key, (level, at) in found.items())
    if longest:
        begin_now = functools.partial(_set_right, action=action, keys=list(limits), now=client.now)
        session.unit_of_work.always(begin_now)
        log_refused(action, client)
        raise TooMany(in_words(longest), seconds=longest.total_seconds())
    counters = tuple(Raised(key, *found[key], limit.raised(*found[key], client.now)) for key, limit in limits.items())
    rows = [{"action": action, "key": it.key, "level": it.level, "at": client.now} for it in counters]
    session.execute(update(Throttle), rows)
    _sweep(session, client.now)
    return Spent(action=action, at=client.now, counters=counters)


def wrong(session: UnitOfWorkSession, what: Secret, client: Client) -> None:
    """Log and count a secret that was wrong, where only those are counted. Raise `TooMany` like `spend`."""
    log_wrong(what, client)
    spend(session, what, client)


def give_back(session: Session, *attempts: Spent) -> None:
    """Take back attempts that turned out to be right: each counter is as if they had not been made."""
    for spent in attempts:
        for it in spent.counters:
            last = (Throttle.level == it.level) & (Throttle.at == spent.at)  # no other attempt came after this one
            values = {
                "level": case((last, it.level_before), else_=func.greatest(0, Throttle.level - 1)),
                "at": case((last, it.at_before), else_=Throttle.at),
            }
            this = (Throttle.action == spent.action) & (Throttle.key == it.key)
            session.execute(update(Throttle).where(this).values(values))


def forget(session: Session, action: str, **whose: object) -> None:
    """Take back everything that was counted for `whose`."""
    keys = [_key(kind, value) for kind, value in whose.items()]
    session.execute(delete(Throttle).where(Throttle.action == action, Throttle.key.in_(keys)))


def forget_guesses(session: Session, user_id: uuid.UUID) -> None:
    """Take back all guesses at the password of an account, wherever they were made: it has another one now."""
    guesses = Throttle.action.in_(("login", "password", "factor"))
    session.execute(delete(Throttle).where(guesses, _of_person(user_id)))


def forget_person(session: Session, *, user_id: uuid.UUID, email_key: str) -> None:
    """Take back everything that was counted for an account that is deleted, and for its address before it was made."""
    session.execute(delete(Throttle).where(_of_person(user_id) | (Throttle.key == _key("account", email_key))))


def locked(session: Session, action: str, kind: str, client: Client) -> dict[str, datetime.datetime]:
    """Return who has to wait with `action` now, and until when."""
    limit = LIMITS[action, kind].for_leniency(client.leniency)
    of_kind = Throttle.key.startswith(_key(kind, ""), autoescape=True)
    rows = session.execute(select(Throttle.key, Throttle.level, Throttle.at).where(Throttle.action == action, of_kind))
    waits = {key.partition(":")[2]: limit.wait_left(level, min(at, client.now), client.now) for key, level, at in rows}
    return {who: client.now + wait for who, wait in waits.items() if wait}


def _counters(action: str, client: Client, whose: Mapping[str, object]) -> Iterator[tuple[str, Limit]]:
    """Every counter of an attempt, with its limit. A `pair` names an address already."""
    where = {"address": client.address, "network": client.network} if client.from_elsewhere else {}
    if "pair" in whose:
        where = {}
    for kind, value in {**whose, **where}.items():
        if value is not None and (action, kind) in LIMITS:
            yield _key(kind, value), LIMITS[action, kind].for_leniency(client.leniency)


def _key(kind: str, value: object) -> str:
    return f"{kind}:{value}"


def _of_person(user_id: uuid.UUID) -> ColumnElement[bool]:
    pair = _key("pair", user_id)
    begins, ends = Throttle.key.op("~>=~", is_comparison=True), Throttle.key.op("~<~", is_comparison=True)
    pairs = begins(f"{pair} ") & ends(f"{pair}!")  # `!` follows the space; an index of patterns knows this order
    return Throttle.key.in_((_key("account", user_id), _key("person", user_id))) | pairs


def _locked(
    session: Session, action: str, keys: list[str], now: datetime.datetime
) -> dict[str, tuple[float, datetime.datetime]]:
    """Return the level of each counter and when it was raised, and lock them; new ones begin at 0.

    A time in the future, written while a clock was ahead, counts as now.
    """
    first = insert(Throttle).values([{"action": action, "key": key, "level": 0, "at": now} for key in keys])
    there = first.on_conflict_do_update(
        index_elements=[Throttle.action, Throttle.key], set_={"at": func.least(Throttle.at, now)}
    )
    rows = session.execute(there.returning(Throttle.key, Throttle.level, Throttle.at))
    return {key: (level, at) for key, level, at in rows}


def _set_right(connection: Connection, *, action: str, keys: list[str], now: datetime.datetime) -> None:
    """Begin the wait of counters that a clock wrote which was ahead, so that it ends."""
    ahead = (Throttle.action == action) & Throttle.key.in_(keys) & (Throttle.at > now)
    connection.execute(update(Throttle).where(ahead).values(at=now))


def _sweep(session: Session, now: datetime.datetime) -> None:
    """Delete what is old; rows that another transaction holds are left to the next count."""
    old = select(Throttle.action, Throttle.key).where(Throttle.at < now - FORGOTTEN).order_by(Throttle.at)
    some = (
        old.limit(literal_column(str(SWEPT_AT_ONCE))).with_for_update(skip_locked=True).cte("some")
    )  # runs once; a subquery may run often
    chosen = select(some.c.action, some.c.key)
    session.execute(delete(Throttle).where(tuple_(Throttle.action, Throttle.key).in_(chosen)))

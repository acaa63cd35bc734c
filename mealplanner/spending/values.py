"""Budgets and calls of the model as plain values.

Tokens are as the server counts them, cost is in the operator's currency, and a month is its first day, in UTC.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from mealplanner.config.model_server import ModelServer
from mealplanner.paging import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most tokens that may be used; None: no limit."""

    person: int | None = None
    """Of one person in a month."""
    installation: int | None = None
    """Of all members together in a month."""
    menu: int | None = None
    """For one menu."""


def limits_of(server: ModelServer) -> Limits:
    """Return what the operator allows."""
    return Limits(
        person=server.monthly_tokens_person,
        installation=server.monthly_tokens_total,
        menu=server.tokens_per_menu,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyUse:
    """What one person used in a month."""

    month: datetime.date
    tokens: int
    """Used by calls that have ended."""
    reserved: int
    """Reserved for calls under way."""
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One call of the model."""

    id: uuid.UUID
    menu_id: uuid.UUID | None
    """None when the menu was deleted."""
    purpose: str
    outcome: str | None
    """None while it is under way."""
    reserved_tokens: int
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    estimated: bool
    """Whether tokens and cost are estimates, rather too high, because the server gave no figures."""
    seconds: float | None
    sent: str | None
    """None once it is no longer kept, like `received`."""
    received: str | None
    created_at: datetime.datetime

    @property
    def tokens(self) -> int:
        """The tokens that count: all that were reserved when it is unknown how many were used."""
        if self.tokens_in is None or self.tokens_out is None:
            return self.reserved_tokens
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Some of the calls for a menu, oldest first."""

    part: Part[PastCall]
    first: int
    """The number of the first of them, from 1."""
    total: int
    """How many there are of the menu, and the tokens that count for all of them."""
    tokens: int


def month_of(moment: datetime.datetime) -> datetime.date:
    """Return the first day of the month of `moment`, in UTC."""
    return moment.astimezone(datetime.UTC).date().replace(day=1)


def month_after(month: datetime.date) -> datetime.date:
    """Return the first day of the next month."""
    return (month + datetime.timedelta(days=31)).replace(day=1)

"""What an operator sees: frozen values. Nothing of what people eat is among them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane of the queue: its jobs, and for how many seconds the oldest has been waiting."""

    name: str
    waiting: int
    running: int
    postponed: int
    oldest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorker:
    """A worker, and when it last gave a sign of life."""

    id: int
    host: str
    pid: int
    lanes: Sequence[str]
    heartbeat: datetime.datetime
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that was given up. The log has more under its request id."""

    id: int
    task: str
    attempts: int
    request_id: str | None
    at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedMail:
    """A mail that was not sent, or of which that is unknown."""

    id: uuid.UUID
    kind: str
    recipient: str
    status: str
    error: str | None
    created_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What the language model was used for in one month by all people together."""

    month: datetime.date
    tokens: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The state of the site."""

    lanes: Sequence[Lane]
    workers: Sequence[LiveWorker]
    failed_jobs: Sequence[FailedJob]
    failed_mails: Sequence[FailedMail]
    spending: Sequence[Spending]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAccount:
    """An account, as it stands in the list."""

    id: uuid.UUID
    email: str
    created_at: datetime.datetime
    verified: bool
    disabled: bool
    operator: bool
    last_sign_in: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """Some accounts, and the address to go on after, None at the end."""

    accounts: Sequence[ListedAccount]
    after: str | None

"""A way through a provider, and who it says a person is."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

LIFETIME: Final = datetime.timedelta(minutes=10)
"""For so long a person may stay at the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One way to the provider and back, kept in the cookie of the browser that began it.

    `linking` is for a person who is signed in and links their account; `onward` is the page they wanted to see.
    """

    state: str
    nonce: str
    verifier: str
    begun_at: int
    linking: bool
    onward: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as the cookie has it."""
        return asdict(self)

    def belongs(self, state: str | None, now: datetime.datetime) -> bool:
        """Return whether `state`, which came back, is that of this flow, and in time."""
        age = int(now.timestamp()) - self.begun_at
        return secrets.compare_digest(self.state.encode(), (state or "").encode()) and age < LIFETIME.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An account at a provider: `subject` never changes there; `label` is shown to its owner."""

    issuer: str
    subject: str
    label: str


def new_flow(*, linking: bool, onward: str | None, now: datetime.datetime) -> Flow:
    """Return a flow that begins now."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun_at = int(now.timestamp())
    return Flow(state=state, nonce=nonce, verifier=verifier, begun_at=begun_at, linking=linking, onward=onward)


def flow_of(kept: Mapping[str, Any] | None) -> Flow | None:
    """Return the flow that a cookie has; None without one."""
    return Flow(**kept) if kept else None

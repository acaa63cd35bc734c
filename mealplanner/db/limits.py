"""How long a connection may take to open, and what it may do to others once it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CONNECT_SECONDS = 5
"""For a new connection, before the database counts as unreachable."""

TCP_LIMITS: Mapping[str, int] = {
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds, for what was sent; the others are for an answer that does not come
}
"""Without these the system waits for hours for a server whose machine or network is gone; with them about 15 s."""

NOTICE_MS = 1000
"""PostgreSQL notices after this time that its client is gone. By default it would finish the statement first, and hold
its locks until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """What PostgreSQL ends by itself, in milliseconds; 0 lifts a limit."""

    statement_timeout: int = 10_000
    lock_timeout: int = 3_000
    idle_in_transaction_session_timeout: int = 15_000

    def as_options(self) -> str:
        """Return the limits, and UTC as the time zone, as libpq's `options`."""
        limits = {
            "statement_timeout": self.statement_timeout,
            "lock_timeout": self.lock_timeout,
            "idle_in_transaction_session_timeout": self.idle_in_transaction_session_timeout,
            "client_connection_check_interval": NOTICE_MS,
        }
        return " ".join(f"-c {name}={value}" for name, value in limits.items()) + " -c timezone=UTC"

"""How long a connection may take to open, and what it may do to others once it is there."""

from __future__ import annotations

from collections.abc import Mapping

from mealplanner.config import Config

CONNECT_SECONDS = 5
"""For a new connection, before the database counts as away."""

TCP_LIMITS: Mapping[str, int] = {
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds, for what was sent; the others are for an answer that does not come
}
"""A server whose machine or network is gone says nothing. The system waits for hours; with these, for some 15 s."""

NOTICE_MS = 1000
"""After which PostgreSQL notices that the process it works for is gone; it would finish the statement first, and hold
its locks until then."""


def server_options(config: Config) -> str:
    """What every connection asks of PostgreSQL when it begins, in milliseconds."""
    limits = {
        "statement_timeout": config.statement_timeout_ms,
        "lock_timeout": config.lock_timeout_ms,
        "idle_in_transaction_session_timeout": config.idle_in_transaction_timeout_ms,
        "client_connection_check_interval": NOTICE_MS,
    }
    return " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items()) + " -c timezone=UTC"

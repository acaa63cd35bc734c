"""How long a connection may take to open, and what it may do to others once it is there."""

from __future__ import annotations

from mealplanner.config import Config

CONNECT_SECONDS = 5
"""For a new connection, before the database counts as away."""

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

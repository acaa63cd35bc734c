"""Engines: how connections are opened, pooled, limited in time, and watched."""

from __future__ import annotations

import logging
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from mealplanner import metrics
from mealplanner.config import Config
from mealplanner.scope import current_scope

log = logging.getLogger(__name__)

RECYCLE_SECONDS = 1800
"""A pooled connection older than this is replaced at its next check-out; servers and firewalls forget old ones."""


def pooled_engine(config: Config) -> Engine:
    """Keeps up to `pool_size + pool_overflow` connections; the last one returned is the next one lent."""
    return _engine(
        config,
        side="pooled",
        poolclass=QueuePool,
        pool_size=config.pool_size,
        max_overflow=config.pool_overflow,
        pool_timeout=config.pool_timeout,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        pool_pre_ping=True,
    )


def direct_engine(config: Config) -> Engine:
    """Opens a connection for each unit of work and closes it after; fit for PgBouncer in transaction mode."""
    return _engine(config, side="direct", poolclass=NullPool)


def _engine(config: Config, *, side: str, **pool: Any) -> Engine:
    assert config.database_url is not None
    arguments = {"application_name": "mealplanner", "options": _timeouts(config), "connect_timeout": 5}
    if side == "direct":
        arguments["prepare_threshold"] = None  # a prepared statement may not outlive the transaction behind PgBouncer
    engine = sqlalchemy_engine(config.database_url, connect_args=arguments, **pool)
    _watch(engine, side, config.slow_transaction_ms)
    return engine


def _timeouts(config: Config) -> str:
    limits = {
        "statement_timeout": config.statement_timeout_ms,
        "lock_timeout": config.lock_timeout_ms,
        "idle_in_transaction_session_timeout": config.idle_in_transaction_timeout_ms,
    }
    return " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items()) + " -c timezone=UTC"


def _watch(engine: Engine, side: str, slow_ms: int) -> None:
    """Logs and counts the life of every connection and transaction of `engine`."""

    @event.listens_for(engine, "connect")
    def opened(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        metrics.CONNECTIONS_OPENED.labels(side).inc()
        log.debug("connection opened (%s)", side)

    @event.listens_for(engine, "close")
    def closed(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        log.debug("connection closed (%s)", side)

    @event.listens_for(engine, "checkout")
    def checked_out(_connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        entry.info["checked_out"] = time.monotonic()
        metrics.CONNECTIONS_IN_USE.inc()
        log.debug("connection checked out (%s)", side)

    @event.listens_for(engine, "checkin")
    def checked_in(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        checked_out = entry.info.pop("checked_out", None)
        if checked_out is None:  # a connection that failed its ping never reached anybody
            return
        held = time.monotonic() - checked_out
        metrics.CONNECTIONS_IN_USE.dec()
        metrics.CONNECTION_HELD.labels(current_scope().name).observe(held)
        level = logging.WARNING if held * 1000 > slow_ms else logging.DEBUG
        log.log(level, "connection returned (%s) after %.1f ms", side, held * 1000)

    @event.listens_for(engine, "begin")
    def begun(_connection: object) -> None:
        log.debug("transaction begun")

    @event.listens_for(engine, "commit")
    def committed(_connection: object) -> None:
        log.debug("transaction committed")

    @event.listens_for(engine, "rollback")
    def rolled_back(_connection: object) -> None:
        log.debug("transaction rolled back")

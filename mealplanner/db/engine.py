"""Engines: how connections are opened, pooled, limited in time, and watched."""

from __future__ import annotations

import logging
import select
import time
from typing import Any, ClassVar

from psycopg import Error
from sqlalchemy import Engine, event
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool, PoolProxiedConnection, QueuePool

from mealplanner import metrics
from mealplanner.config import Config
from mealplanner.db.failures import READ_ONLY, sqlstate
from mealplanner.db.limits import CONNECT_SECONDS, TCP_LIMITS, server_options
from mealplanner.scope import current_scope

log = logging.getLogger(__name__)

RECYCLE_SECONDS = 1800
"""A pooled connection older than this is replaced at its next check-out; servers and firewalls forget old ones."""

TRUSTED_SECONDS = 30
"""A pooled connection idle for longer is pinged before it is lent: a firewall may have dropped it without a word."""


class _Watched(Pool):
    """Counts how long everybody waits for a connection, and who gets none."""

    side: ClassVar[str]

    def connect(self) -> PoolProxiedConnection:
        """A connection: an idle one that still stands, or a new one."""
        started = time.monotonic()
        try:
            return super().connect()
        except PoolTimeout:
            metrics.POOL_EXHAUSTED.labels(self.side).inc()
            raise
        except Exception:
            metrics.CONNECTIONS_REFUSED.labels(self.side).inc()
            raise
        finally:
            metrics.CONNECTION_WAIT.labels(self.side).observe(time.monotonic() - started)


class _Pooled(_Watched, QueuePool):
    __module__ = QueuePool.__module__  # the library names its loggers after it, and they should stay the library's
    side = "pooled"


class _Direct(_Watched, NullPool):
    __module__ = NullPool.__module__
    side = "direct"


def side_of(engine: Engine) -> str:
    """The side of USE_NEW_CONNECTION_HANDLING that `engine` is: `pooled` or `direct`."""
    assert isinstance(engine.pool, _Watched)
    return engine.pool.side


def pooled_engine(config: Config) -> Engine:
    """Keeps up to `pool_size + pool_overflow` connections; the last one returned is the next one lent."""
    return _engine(
        config,
        _Pooled,
        pool_size=config.pool_size,
        max_overflow=config.pool_overflow,
        pool_timeout=config.pool_timeout,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
    )


def direct_engine(config: Config) -> Engine:
    """Opens a connection for each unit of work and closes it after; fit for PgBouncer in transaction mode."""
    return _engine(config, _Direct)


def _engine(config: Config, pool: type[_Watched], **options: Any) -> Engine:
    assert config.database_url is not None
    arguments: dict[str, Any] = {
        "application_name": "mealplanner",
        "options": server_options(config),
        "connect_timeout": CONNECT_SECONDS,
        **TCP_LIMITS,
    }
    if pool is _Direct:
        arguments["prepare_threshold"] = None  # a prepared statement may not outlive the transaction behind PgBouncer
    engine = sqlalchemy_engine(config.database_url, connect_args=arguments, poolclass=pool, **options)
    _watch(engine, config.slow_transaction_ms)
    return engine


def _watch(engine: Engine, slow_ms: int) -> None:
    """Logs and counts the life of every connection and transaction of `engine`."""
    side = side_of(engine)
    opened_so_far, in_use = metrics.CONNECTIONS_OPENED.labels(side), metrics.CONNECTIONS_IN_USE.labels(side)

    @event.listens_for(engine, "connect")
    def opened(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        opened_so_far.inc()
        log.debug("connection opened (%s)", side)

    @event.listens_for(engine, "close")
    def closed(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        log.debug("connection closed (%s)", side)

    @event.listens_for(engine, "checkout")
    def checked_out(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if not _stands(engine, connection, idle=now - entry.info.get("checked_in", now)):
            raise InvalidatePoolError  # the pool then opens another one, and trusts none of those it opened before
        entry.info["checked_out"] = now
        in_use.inc()
        log.debug("connection checked out (%s)", side)

    @event.listens_for(engine, "checkin")
    def checked_in(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        checked_out = entry.info.pop("checked_out", None)
        if checked_out is None:  # a connection that did not stand never reached anybody
            return
        entry.info["checked_in"] = now = time.monotonic()
        held = now - checked_out
        in_use.dec()
        metrics.CONNECTION_HELD.labels(current_scope().name, side).observe(held)
        level = logging.WARNING if held * 1000 > slow_ms else logging.DEBUG
        log.log(level, "connection returned (%s) after %.1f ms", side, held * 1000)

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        if sqlstate(context.original_exception) == READ_ONLY:  # the next connection may find the new primary
            context.is_disconnect = True

    @event.listens_for(engine, "begin")
    def begun(_connection: object) -> None:
        log.debug("transaction begun")

    @event.listens_for(engine, "commit")
    def committed(_connection: object) -> None:
        log.debug("transaction committed")

    @event.listens_for(engine, "rollback")
    def rolled_back(_connection: object) -> None:
        log.debug("transaction rolled back")


def _stands(engine: Engine, connection: DBAPIConnection, *, idle: float) -> bool:
    """Whether the server is still there for a connection that was `idle` for so many seconds.

    A server that ends a connection says so, or at least closes it, and either is there to be read. So the silence of
    the socket answers for a ping, at the cost of no round trip. Whatever else there is to read, the ping takes it in.
    """
    raw: Any = connection
    if raw.closed:
        return False
    watch = select.poll()
    watch.register(raw.fileno(), select.POLLIN)
    if idle <= TRUSTED_SECONDS and not watch.poll(0):
        return True
    try:
        return engine.dialect.do_ping(connection)
    except Error:
        return False

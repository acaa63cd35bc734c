"""Engines: how connections are opened, pooled, limited in time, and watched."""

from __future__ import annotations

import select
import time
from typing import Any

from psycopg import Error
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool, PoolProxiedConnection, QueuePool

from mealplanner.db.cursors import LazyCursor
from mealplanner.db.failures import READ_ONLY, sqlstate
from mealplanner.db.limits import CONNECT_SECONDS, TCP_LIMITS, ServerLimits
from mealplanner.db.observer import Observer
from mealplanner.db.read_only import is_read_only

RECYCLE_SECONDS = 1800
"""A pooled connection older than this is replaced at its next check-out; servers and firewalls forget old ones."""

TRUSTED_SECONDS = 30
"""A pooled connection idle for longer is pinged before it is lent: a firewall may have dropped it silently."""


class _Observed(Pool):
    """A pool that reports how long the wait for a connection takes, and when it ends without one."""

    observer: Observer

    def connect(self) -> PoolProxiedConnection:
        """Return an idle connection that still stands, or a new one."""
        started = time.monotonic()
        try:
            return super().connect()
        except PoolTimeout:
            self.observer.pool_exhausted()
            raise
        except Exception:
            self.observer.connection_refused()
            raise
        finally:
            self.observer.connection_waited_for(time.monotonic() - started)


class _Pooled(_Observed, QueuePool):
    __module__ = QueuePool.__module__  # the library names its loggers after it, and they should stay the library's

    def recreate(self) -> _Pooled:  # SQLAlchemy does this once a connection was lost
        pool = super().recreate()
        assert isinstance(pool, _Pooled)
        pool.observer = self.observer
        return pool


class _Direct(_Observed, NullPool):
    __module__ = NullPool.__module__

    def recreate(self) -> _Direct:
        pool = super().recreate()
        assert isinstance(pool, _Direct)
        pool.observer = self.observer
        return pool


def pooled_engine(
    url: str,
    *,
    size: int = 5,
    overflow: int = 5,
    timeout: float = 3.0,
    limits: ServerLimits | None = None,
    name: str = "mealplanner",
    observer: Observer | None = None,
) -> Engine:
    """Return an engine that keeps up to `size + overflow` connections; the last one returned is the next one lent.

    Who finds none free waits `timeout` seconds. `name` is how PostgreSQL lists the connections.
    """
    return _engine(
        url,
        _Pooled,
        observer or Observer(),
        _arguments(limits, name),
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=timeout,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
    )


def direct_engine(
    url: str, *, limits: ServerLimits | None = None, name: str = "mealplanner", observer: Observer | None = None
) -> Engine:
    """Return an engine that opens a connection for each use and closes it after.

    It is fit for PgBouncer in transaction mode.
    """
    arguments = _arguments(limits, name)
    arguments["prepare_threshold"] = None  # a prepared statement may not outlive the transaction behind PgBouncer
    return _engine(url, _Direct, observer or Observer(), arguments)


def _arguments(limits: ServerLimits | None, name: str) -> dict[str, Any]:
    options = (limits or ServerLimits()).as_options()
    named = {"application_name": name, "options": options, "cursor_factory": LazyCursor}
    return {**named, "connect_timeout": CONNECT_SECONDS, **TCP_LIMITS}


def _engine(url: str, pool: type[_Observed], observer: Observer, arguments: dict[str, Any], **options: Any) -> Engine:
    engine = create_engine(url, connect_args=arguments, poolclass=pool, **options)
    assert isinstance(engine.pool, _Observed)
    engine.pool.observer = observer
    _observe(engine, observer)
    return engine


def _observe(engine: Engine, observer: Observer) -> None:
    """Report the life of every connection of `engine`, and lend none that is dead."""

    @event.listens_for(engine, "connect")
    def opened(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        observer.connection_opened()

    @event.listens_for(engine, "close")
    def closed(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        observer.connection_closed()

    @event.listens_for(engine, "checkout")
    def checked_out(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        now = time.monotonic()
        if not _stands(engine, connection, idle=now - entry.info.get("checked_in", now)):
            raise InvalidatePoolError  # the pool then opens another one, and trusts none of those it opened before
        entry.info["checked_out"] = now
        observer.connection_checked_out()

    @event.listens_for(engine, "checkin")
    def checked_in(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        checked_out = entry.info.pop("checked_out", None)
        if checked_out is None:  # a connection that did not stand was never lent
            return
        entry.info["checked_in"] = now = time.monotonic()
        observer.connection_returned(now - checked_out)

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        if sqlstate(context.original_exception) != READ_ONLY or context.connection is None:
            return
        if not is_read_only(context.connection):
            context.is_disconnect = True  # the server is a standby now; the next connection may find the new primary


def _stands(engine: Engine, connection: DBAPIConnection, *, idle: float) -> bool:
    """Return whether the server is still there for a connection that was `idle` for so many seconds.

    A server that ends a connection says so, or at least closes it, and either leaves something to read. So a silent
    socket stands for a ping, at the cost of no round trip. Anything else that waits there is read by the ping.
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

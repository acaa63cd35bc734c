"""The database of this application: units of work on either side of `USE_NEW_CONNECTION_HANDLING`."""

from __future__ import annotations

import os
from weakref import WeakSet

from sqlalchemy import Engine

from mealplanner.config import Config
from mealplanner.db.engines import direct_engine, pooled_engine
from mealplanner.db.limits import ServerLimits
from mealplanner.db.runner import UnitsOfWork
from mealplanner.storage.failures import translated
from mealplanner.storage.figures import Figures
from mealplanner.telemetry.scope import current_scope


class Database(UnitsOfWork):
    """Made once by each process; holds no connection until one is needed."""

    def __init__(self, config: Config) -> None:
        assert config.database_url is not None
        limits = ServerLimits(
            statement_timeout=config.statement_timeout_ms,
            lock_timeout=config.lock_timeout_ms,
            idle_in_transaction_session_timeout=config.idle_in_transaction_timeout_ms,
        )
        self._rollout = config.rollout
        self._figures = {side: Figures(side, slow_ms=config.slow_transaction_ms) for side in ("pooled", "direct")}
        self.pooled = pooled_engine(
            config.database_url,
            size=config.pool_size,
            overflow=config.pool_overflow,
            timeout=config.pool_timeout,
            limits=limits,
            observer=self._figures["pooled"],
        )
        self.direct = direct_engine(config.database_url, limits=limits, observer=self._figures["direct"])
        super().__init__(self.pooled, translate=translated, strict=not config.production)
        _databases.add(self)

    @property
    def side(self) -> str:
        """`pooled` or `direct`: where the running scope takes its connections from."""
        return "pooled" if self._rollout.covers(current_scope().name) else "direct"

    def engine(self) -> Engine:
        """Return the engine of the running scope's side."""
        return self.pooled if self.side == "pooled" else self.direct

    def observer(self) -> Figures:
        """Return the figures of the running scope's side."""
        return self._figures[self.side]

    def dispose(self) -> None:
        """Close the connections that are not in use."""
        self.pooled.dispose()
        self.direct.dispose()


_databases: WeakSet[Database] = WeakSet()


def _leave_to_the_parent() -> None:
    """Have a forked child forget the idle connections without telling PostgreSQL: on a shared socket, parent and child
    would read each other's answers."""
    for database in _databases:
        database.pooled.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_the_parent)

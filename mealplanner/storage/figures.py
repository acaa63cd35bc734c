"""What units of work and engines report, as metrics; the log comes with it."""

from __future__ import annotations

import logging

from mealplanner.db.observer import HookKind, Observer
from mealplanner.telemetry import metrics
from mealplanner.telemetry.scope import current_scope

log = logging.getLogger(__name__)


class Figures(Observer):
    """Counts for one `side` of `USE_NEW_CONNECTION_HANDLING`; warns of connections held for more than `slow_ms`."""

    def __init__(self, side: str, *, slow_ms: int) -> None:
        self.side = side
        self._slow_ms = slow_ms
        self._opened = metrics.CONNECTIONS_OPENED.labels(side)
        self._wait = metrics.CONNECTION_WAIT.labels(side)
        self._in_use = metrics.CONNECTIONS_IN_USE.labels(side)

    def connection_opened(self) -> None:
        super().connection_opened()
        self._opened.inc()

    def connection_waited_for(self, seconds: float) -> None:
        self._wait.observe(seconds)

    def connection_checked_out(self) -> None:
        super().connection_checked_out()
        self._in_use.inc()

    def connection_returned(self, held: float) -> None:
        super().connection_returned(held)
        self._in_use.dec()
        metrics.CONNECTION_HELD.labels(current_scope().name, self.side).observe(held)
        if held * 1000 > self._slow_ms:
            log.warning("a connection (%s) was held for %.1f ms", self.side, held * 1000)

    def connection_refused(self) -> None:
        metrics.CONNECTIONS_REFUSED.labels(self.side).inc()

    def pool_exhausted(self) -> None:
        metrics.POOL_EXHAUSTED.labels(self.side).inc()

    def committed(self) -> None:
        super().committed()
        self._count("committed")

    def rolled_back(self) -> None:
        super().rolled_back()
        self._count("rolled_back")

    def doomed(self, reason: str) -> None:
        super().doomed(reason)
        self._count("doomed")

    def held(self, seconds: float, idle: float) -> None:
        super().held(seconds, idle)
        metrics.TRANSACTION_IDLE.labels(current_scope().name, self.side).observe(idle)

    def left_over(self) -> None:
        super().left_over()
        self._count("left_over")

    def outcome_unknown(self) -> None:
        super().outcome_unknown()
        self._count("unknown")

    def hook_failed(self, kind: HookKind) -> None:
        super().hook_failed(kind)
        metrics.HOOK_FAILURES.labels(kind, self.side).inc()

    def _count(self, outcome: str) -> None:
        metrics.TRANSACTIONS.labels(current_scope().name, self.side, outcome).inc()

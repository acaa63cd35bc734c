"""Every figure the product counts, in one place; `docs/operations.md` says how to read each of them.

`side` is the side of USE_NEW_CONNECTION_HANDLING, `pooled` or `direct`, so that the two can be compared. `scope` is an
endpoint (`menu.show`) or a job (`menu.generate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, multiprocess, start_http_server

_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)

CONNECTIONS_IN_USE = Gauge(
    "mealplanner_db_connections_in_use",
    "Database connections checked out at the moment.",
    ["side"],
    multiprocess_mode="livesum",
)
CONNECTIONS_OPENED = Counter("mealplanner_db_connections_opened_total", "Database connections opened.", ["side"])
CONNECTIONS_REFUSED = Counter(
    "mealplanner_db_connections_refused_total", "Connections that PostgreSQL did not give.", ["side"]
)
CONNECTION_WAIT = Histogram(
    "mealplanner_db_connection_wait_seconds",
    "Seconds until a connection was there, or the attempt was given up: from the pool, its ping included, or opened.",
    ["side"],
    buckets=_QUICK,
)
CONNECTION_HELD = Histogram(
    "mealplanner_db_connection_held_seconds",
    "How long a scope kept a connection.",
    ["scope", "side"],
    buckets=_QUICK,
)
POOL_EXHAUSTED = Counter(
    "mealplanner_db_pool_exhausted_total", "Waits for a connection that ended without one.", ["side"]
)
TRANSACTIONS = Counter(
    "mealplanner_unit_of_work_total",
    "Units of work by outcome: committed, rolled_back or doomed; and besides, those left_over or of unknown outcome.",
    ["scope", "side", "outcome"],
)
HOOK_FAILURES = Counter(
    "mealplanner_unit_of_work_hook_failures_total",
    "After-commit hooks and always-writes that failed.",
    ["kind", "side"],
)
REQUESTS = Counter(
    "mealplanner_http_requests_total", "Requests by endpoint and status.", ["endpoint", "side", "status"]
)
REQUEST_SECONDS = Histogram(
    "mealplanner_http_request_seconds", "Seconds from request to response.", ["endpoint", "side"], buckets=_QUICK
)
JOB_ATTEMPTS = Counter(
    "mealplanner_job_attempts_total",
    "Attempts at jobs by how they ended: done, failed or interrupted.",
    ["task", "outcome"],
)
JOB_SECONDS = Histogram(
    "mealplanner_job_seconds", "Seconds from an attempt's start to its end.", ["task"], buckets=_SLOW
)
MENUS = Counter("mealplanner_menus_total", "Menus by how their making ended.", ["status"])

for _side in ("pooled", "direct"):  # from the start, or an alert on their growth would miss the first of them
    CONNECTIONS_REFUSED.labels(_side)
    POOL_EXHAUSTED.labels(_side)
    HOOK_FAILURES.labels("after_commit", _side)
    HOOK_FAILURES.labels("always", _side)
for _status in ("ready", "failed"):
    MENUS.labels(_status)


def exposed(*, shared: bool) -> CollectorRegistry:
    """What there is to scrape: the figures of this process or, `shared`, of all that keep theirs in one folder."""
    if not shared:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def forget_process(pid: int) -> None:
    """Takes back what a process that is gone said of itself; what it counted stays. Only for shared figures."""
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


@contextmanager
def serving(host: str, port: int, *, shared: bool) -> Iterator[int]:
    """Answers Prometheus on a port of its own during the block, for a process that has no pages; yields the port.

    Raises `OSError` when it cannot listen there.
    """
    server, thread = start_http_server(port, host, exposed(shared=shared))
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""All metrics of the application; `docs/operations.md` says how to read each of them.

`side` is the side of USE_NEW_CONNECTION_HANDLING, `pooled` or `direct`, so that the two can be compared. `scope` is an
endpoint (`menu.show`) or a job (`menu.generate`).
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, multiprocess, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.registry import Collector

_DEAD = 0
"""Stands for the process id in the files that hold the figures of processes that have ended."""

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
TRANSACTION_IDLE = Histogram(
    "mealplanner_db_transaction_idle_seconds",
    "The longest time within each transaction during which no statement was sent: a connection held for nothing.",
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
    "Attempts at jobs by how they ended: done, failed, postponed or interrupted.",
    ["task", "outcome"],
)
JOB_SECONDS = Histogram(
    "mealplanner_job_seconds", "Seconds from an attempt's start to its end.", ["task"], buckets=_SLOW
)
JOBS = Counter(
    "mealplanner_jobs_total",
    "Jobs that have ended for good, by outcome: done, failed or cancelled.",
    ["task", "outcome"],
)
QUEUE_JOBS = Gauge(
    "mealplanner_queue_jobs",
    "Jobs by lane and state: waiting, postponed (to a later time) or running, on all workers together.",
    ["lane", "state"],
    multiprocess_mode="livemostrecent",
)
QUEUE_OLDEST = Gauge(
    "mealplanner_queue_oldest_waiting_seconds",
    "How long the oldest job of a lane has been waiting; 0 if none waits.",
    ["lane"],
    multiprocess_mode="livemostrecent",
)
QUEUE_WORKERS = Gauge(
    "mealplanner_queue_workers",
    "Workers that serve a lane and are alive, on all machines together.",
    ["lane"],
    multiprocess_mode="livemostrecent",
)
CHORE_AGE = Gauge(
    "mealplanner_housekeeping_age_seconds",
    "Seconds since housekeeping, like `queue.sweep`, was last done by any worker.",
    ["task"],
    multiprocess_mode="livemostrecent",
)
MENUS = Counter("mealplanner_menus_total", "Menus by how their making ended.", ["status"])
MODEL_CALLS = Counter(
    "mealplanner_model_calls_total",
    "Calls to the language model by how they ended: one of the eight outcomes, or stopped.",
    ["purpose", "outcome"],
)
MODEL_SECONDS = Histogram(
    "mealplanner_model_call_seconds", "Seconds of a call, its wait for a turn included.", ["purpose"], buckets=_SLOW
)
MODEL_TOKENS = Counter(
    "mealplanner_model_tokens_total", "Tokens sent (in) and received (out), as the server counts.", ["purpose", "way"]
)
MODEL_IN_FLIGHT = Gauge(
    "mealplanner_model_calls_in_flight", "Calls that wait for the language model.", multiprocess_mode="livesum"
)
DISK_FREE = Gauge(
    "mealplanner_disk_free_ratio",
    "Which share of the disk with a folder is free.",
    ["folder"],
    multiprocess_mode="livemostrecent",
)
BACKUPS = Counter("mealplanner_backups_total", "Backups of `mealplanner up` by how they ended.", ["outcome"])
BACKUP_NEWEST = Gauge(
    "mealplanner_backup_newest_timestamp_seconds",
    "When the newest backup of `mealplanner up` was begun; 0 if there is none.",
    multiprocess_mode="livemax",
)

for _side in ("pooled", "direct"):  # from the start, or an alert on their growth would miss the first one
    CONNECTIONS_REFUSED.labels(_side)
    POOL_EXHAUSTED.labels(_side)
    HOOK_FAILURES.labels("after_commit", _side)
    HOOK_FAILURES.labels("always", _side)
for _status in ("ready", "failed"):
    MENUS.labels(_status)
for _outcome in ("made", "failed"):
    BACKUPS.labels(_outcome)
for _purpose in ("ideas", "dish", "repair"):
    MODEL_CALLS.labels(_purpose, "config")


class _Together(Collector):
    """The figures of all processes that keep theirs in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Return their sums, while no process moves what an ended one has counted."""
        with _locked(self._folder, fcntl.LOCK_SH):
            together = multiprocess.MultiProcessCollector(None, str(self._folder))
            return list(together.collect())


def exposed(folder: Path | None) -> CollectorRegistry:
    """Return what Prometheus scrapes: the figures of this process, or of all that keep theirs in `folder`."""
    if folder is None:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(_Together(folder))
    return registry


def forget_process(folder: Path, pid: int) -> None:
    """Drop the gauges of a process that has ended, and add its counters to those of the processes that ended before it.

    Workers are replaced for as long as the server runs. The library keeps a file for each of them for ever, and every
    scrape reads all of them; it has no public way to merge them, so this uses its `MmapedDict`.
    """
    multiprocess.mark_process_dead(pid, str(folder))
    with _locked(folder, fcntl.LOCK_EX):
        for kind in ("counter", "histogram"):
            _add_up(folder / f"{kind}_{pid}.db", folder / f"{kind}_{_DEAD}.db")


def _add_up(one: Path, total: Path) -> None:
    if not one.exists():
        return
    sums = MmapedDict(str(total))
    for key, value, _, _ in MmapedDict.read_all_values_from_file(str(one)):
        before, _ = sums.read_value(key)
        sums.write_value(key, before + value, 0.0)
    sums.close()
    one.unlink()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, how)
        yield


@contextmanager
def serving(host: str, port: int, folder: Path | None) -> Iterator[int]:
    """Answer Prometheus on a port of its own during the block, for a process without pages; yield the port.

    Raises `OSError` when it cannot listen there.
    """
    server, thread = start_http_server(port, host, exposed(folder))
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""Settings for gunicorn: `gunicorn -c python:mealplanner.gunicorn`, as `mealplanner up` runs it too.

`sizes` and `longest_request` explain the numbers; options on the command line overrule them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from mealplanner.config import Config, ConfigError
from mealplanner.config.cpus import usable_cpus
from mealplanner.config.processes import metrics_folder, share_metrics
from mealplanner.db.limits import CONNECT_SECONDS
from mealplanner.serving import reloading
from mealplanner.serving.draining import stop_gently
from mealplanner.telemetry.logs import configure_logging

MARGIN_SECONDS = 2
MOST_WORKERS = 4
"""Each takes about 100 MB; on a larger machine for this application alone, use `--workers`."""

MOST_THREADS = 8
MAX_CONNECTIONS = 100
"""The default `max_connections` of PostgreSQL, and that of the embedded one."""

SPARE_CONNECTIONS = 34
"""28 for two workers of the queue, 2 for a migration, 3 that PostgreSQL keeps for superusers, one for a backup."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The number of processes of the web server, and of threads in each."""

    workers: int
    threads: int


def sizes(*, cpus: int, pool: int, max_connections: int = MAX_CONNECTIONS) -> Sizes:
    """Return what fits a machine of `cpus` cores and a PostgreSQL of `max_connections`, if a process may open `pool`.

    =======  ==================================================================================================
    threads  as many as connections, at most 8: a request uses one connection, so no thread waits for another's
    workers  one for each core, since a process computes on one; at least 2, so that one serves while the other
             is replaced; at most 4, and no more than `(max_connections - 34) // pool`, so that PostgreSQL never
             refuses one
    =======  ==================================================================================================

    With the defaults and 2 cores: a pool of 8 + 2 gives 8 threads, and keeps a connection for each; `min(2, 4, 66 //
    10)` gives 2 workers; PostgreSQL sees at most 20 connections, and during a deployment 40. Without a pool it sees one
    for each thread, which is less. Behind PgBouncer it sees as many as PgBouncer opens.
    """
    fitting = (max_connections - SPARE_CONNECTIONS) // pool
    return Sizes(workers=min(max(2, cpus), MOST_WORKERS, max(1, fitting)), threads=min(MOST_THREADS, pool))


def longest_request(config: Config) -> float:
    """Return the seconds that a request may take at worst: to wait for a connection, to open it, and to use it.

    Views run short statements, of which one may reach its limit; the rest is a margin for building the page.
    """
    return config.pool_timeout + CONNECT_SECONDS + config.statement_timeout_ms / 1000 + MARGIN_SECONDS


class OneFormat(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Write gunicorn's own log in the format of the application's, unless it goes to a file of its own."""

    def setup(self, cfg: Any) -> None:
        """Set the log up at the start and at each reload."""
        super().setup(cfg)
        if cfg.errorlog != "-":
            return
        configure_logging(_config())
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _config() -> Config:
    try:
        return Config.from_environ()
    except ConfigError as error:
        raise SystemExit(str(error)) from None


_configured = _config()
_sizes = sizes(cpus=usable_cpus(), pool=_configured.pool_size + _configured.pool_overflow)

wsgi_app = "mealplanner.wsgi:app"
worker_class = "mealplanner.serving.worker.Worker"
workers = _sizes.workers
threads = _sizes.threads
max_requests = 5000  # memory that leaks slowly ends with its process
max_requests_jitter = 1000  # not all of them at the same time
timeout = 60
graceful_timeout = math.ceil(longest_request(_configured))  # requests in flight are answered when a worker stops
keepalive = 5
sendfile = False  # it needs a socket that blocks, and those of the worker never do
accesslog = None  # the application logs each request, with its id
errorlog = "-"
loglevel = "warning"
logger_class = OneFormat
control_socket_disable = True


pre_fork = reloading.pre_fork
post_worker_init = reloading.post_worker_init


def when_ready(server: Any) -> None:
    """Let a load balancer notice a stop before it happens, and have a reload leave no gap."""
    stop_gently(server, _configured.drain_seconds)
    reloading.reload_gently(server)


def nworkers_changed(_server: Any, _workers: int, _before: int | None) -> None:
    """Make a folder of metrics for all processes, unless there is one.

    This is the first of gunicorn's hooks: with `--preload` the application is loaded before `on_starting`.
    """
    if metrics_folder() is None:
        share_metrics()


def child_exit(_server: Any, worker: Any) -> None:
    """Take the metrics of a process that has ended out of the sums of what is in use."""
    from mealplanner.telemetry.metrics import forget_process  # not before the folder of metrics is known

    if (folder := metrics_folder()) is not None:
        forget_process(folder, worker.pid)

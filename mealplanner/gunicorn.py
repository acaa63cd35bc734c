"""Our settings for gunicorn: `gunicorn -c python:mealplanner.gunicorn`, which `mealplanner up` runs too.

Threads share a process's pool: with `MEALPLANNER_POOL_SIZE` 5 and overflow 5, eight threads never wait for a
connection, since a request uses one. PostgreSQL sees at most `workers * (pool size + overflow)` connections from the
web.
"""

from __future__ import annotations

from typing import Any

from mealplanner.config import multiprocess_metrics, share_metrics

wsgi_app = "mealplanner.wsgi:app"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 5
keepalive = 5
accesslog = None  # every request is logged once already, with its id
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """One folder of figures for all processes, unless whoever started us has one already."""
    if not multiprocess_metrics():
        share_metrics()


def child_exit(_server: Any, worker: Any) -> None:
    """Forgets the gauges of a process that is gone."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]

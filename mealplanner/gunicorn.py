"""Our settings for gunicorn: `gunicorn -c python:mealplanner.gunicorn`, which `mealplanner up` runs too.

Threads share a process's pool: with `MEALPLANNER_POOL_SIZE` 5 and overflow 5, eight threads never wait for a
connection, since a request uses one. PostgreSQL sees at most `workers * (pool size + overflow)` connections from the
web.
"""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from mealplanner.config import Config, ConfigError, multiprocess_metrics, share_metrics
from mealplanner.logs import configure_logging


class OneFormat(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Makes gunicorn's own lines look like all others, unless they go to a file of their own."""

    def setup(self, cfg: Any) -> None:
        """Called at the start and at each reload."""
        super().setup(cfg)
        if cfg.errorlog != "-":
            return
        try:
            configure_logging(Config.from_environ())
        except ConfigError as error:
            raise SystemExit(str(error)) from None
        self.error_log.handlers.clear()
        self.error_log.propagate = True


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
logger_class = OneFormat
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """One folder of figures for all processes, unless whoever started us has one already."""
    if not multiprocess_metrics():
        share_metrics()


def child_exit(_server: Any, worker: Any) -> None:
    """Forgets the gauges of a process that is gone."""
    from mealplanner.metrics import forget_process  # not before the folder of figures is known

    forget_process(worker.pid)

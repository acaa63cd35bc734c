"""`mealplanner worker`: a worker for the queue, with its metrics for Prometheus if wanted."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from mealplanner.cli.errors import explained
from mealplanner.config import Config
from mealplanner.config.processes import metrics_folder
from mealplanner.errors import Unavailable


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Answer Prometheus on this port (0: any free one).")
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="Address for --metrics-port.")
@explained
def worker(concurrency: int, metrics_port: int | None, metrics_host: str) -> None:
    """Run a worker that makes menus; as many as you like, on as many machines."""
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.food.catalogue import load_catalogue
    from mealplanner.jobs.worker import run_worker
    from mealplanner.logs import configure_logging
    from mealplanner.tasks import TASKS

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the worker handles it: leave the database in order
    config = Config.from_environ()
    configure_logging(config)
    load_catalogue()
    with attached(config) as config, _metrics_at(metrics_host, metrics_port):
        sys.exit(run_worker(config, TASKS, concurrency=concurrency))


@contextmanager
def _metrics_at(host: str, port: int | None) -> Iterator[None]:
    """Serve metrics during the block, if there is a port to serve them on."""
    if port is None:
        yield
        return
    from mealplanner.metrics import serving

    with ExitStack() as stack:
        try:
            port = stack.enter_context(serving(host, port, metrics_folder()))
        except OSError as error:
            raise Unavailable(f"Cannot serve metrics on {host}:{port}: {error.strerror}.") from error
        click.echo(f"metrics at http://{host}:{port}/metrics")
        yield

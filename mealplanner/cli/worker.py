"""`mealplanner worker`: a worker for the queue, with its metrics for Prometheus if wanted."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from mealplanner.cli.errors import explained
from mealplanner.config import Config
from mealplanner.config.cpus import usable_cpus
from mealplanner.config.processes import metrics_folder
from mealplanner.errors import Unavailable
from mealplanner.jobs.lanes import LANES, Lane, slots

MOST_MENUS = 4
"""Menus made at a time unless `--concurrency` says otherwise, however many cores there are: each takes memory too."""


class LaneNames(click.ParamType):  # type: ignore[type-arg]
    """Names of lanes, separated by commas."""

    name = "lanes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Lane, ...]:
        """Return the lanes; a name that is none is an error that lists them."""
        names = list(dict.fromkeys(name.strip() for name in value.split(",")))
        if unknown := [name for name in names if name not in LANES]:
            self.fail(f"expected some of {','.join(LANES)}, got {', '.join(unknown) or 'nothing'}.", param, ctx)
        return tuple(LANES[name] for name in names)


@click.command()
@click.option(
    "--lanes",
    default=",".join(LANES),
    show_default=True,
    type=LaneNames(),
    help="What to work on; another worker does the rest.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    help="Menus that are computed at a time.  [default: one for each core it may use, at most 4]",
)
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Answer Prometheus on this port (0: any free one).")
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="Address for --metrics-port.")
@explained
def worker(lanes: tuple[Lane, ...], concurrency: int | None, metrics_port: int | None, metrics_host: str) -> None:
    """Run a worker that makes menus and sends mails; as many as you like, on as many machines."""
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.food.catalogue import load_catalogue
    from mealplanner.jobs.worker import run_worker
    from mealplanner.tasks import TASKS
    from mealplanner.telemetry.logs import configure_logging

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the worker handles it: leave the database in order
    config = Config.from_environ()
    configure_logging(config)
    load_catalogue()
    menus = concurrency or min(usable_cpus(), MOST_MENUS)
    at_once = slots(lanes, menus=menus, model_menus=model_menus_at_once(config))
    with attached(config) as config, _metrics_at(metrics_host, metrics_port):
        sys.exit(run_worker(config, TASKS, slots=at_once, computing=menus))


def model_menus_at_once(config: Config) -> int:
    """Return how many menus wait for the model at a time: so many that each call waits for about one other's turn."""
    return max(1, config.model.in_flight // 2) if config.model is not None else 1


@contextmanager
def _metrics_at(host: str, port: int | None) -> Iterator[None]:
    """Serve metrics during the block, if there is a port to serve them on."""
    if port is None:
        yield
        return
    from mealplanner.telemetry.metrics import serving

    with ExitStack() as stack:
        try:
            port = stack.enter_context(serving(host, port, metrics_folder()))
        except OSError as error:
            raise Unavailable(f"Cannot serve metrics on {host}:{port}: {error.strerror}.") from error
        click.echo(f"metrics at http://{host}:{port}/metrics")
        yield

"""The `mealplanner` command."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import click

from mealplanner.cli.errors import explained
from mealplanner.cli.users import user
from mealplanner.config import Config
from mealplanner.config.settings import metrics_folder, share_metrics
from mealplanner.embedded_postgres.location import attached
from mealplanner.errors import Unavailable
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.preferences.values import Preferences

DEFAULTS = Preferences()


@click.group()
@click.version_option(package_name="mealplanner")
def main() -> None:
    """Plans meals that hit your calories and macros and keep to your diet."""


main.add_command(user)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--demo", is_flag=True, help="Make an account with sample preferences and print how to sign in.")
@explained
def up(host: str, port: int, demo: bool) -> None:
    """Run everything: the database, the web server and a worker. Ctrl-C stops it all."""
    share_metrics()
    from mealplanner.cli.up import Running

    running = Running(Config.from_environ(), host=host, port=port)
    with running.started() as config:
        if demo:
            _demo(config)
        click.echo(f"mealplanner answers at {running.url}  (Ctrl-C stops it)")
        sys.exit(running.watch())


@main.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Answer Prometheus on this port (0: any free one).")
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="Address for --metrics-port.")
@explained
def worker(concurrency: int, metrics_port: int | None, metrics_host: str) -> None:
    """Run a worker that makes menus; as many as you like, on as many machines."""
    from mealplanner.food.catalogue import load_catalogue
    from mealplanner.jobs.worker import run_worker
    from mealplanner.logs import configure_logging
    from mealplanner.tasks import TASKS

    config = Config.from_environ()
    configure_logging(config)
    load_catalogue()
    with attached(config) as config, _metrics_at(metrics_host, metrics_port):
        sys.exit(run_worker(config, TASKS, concurrency=concurrency))


@main.command()
@click.option("--calories", default=DEFAULTS.calorie_goal, show_default=True, type=click.IntRange(800, 6000))
@click.option("--protein", default=DEFAULTS.macro_protein, show_default=True, help="Percent of the energy.")
@click.option("--carbs", default=DEFAULTS.macro_carbs, show_default=True, help="Percent of the energy.")
@click.option("--fat", default=DEFAULTS.macro_fat, show_default=True, help="Percent of the energy.")
@click.option("--diet", default=DEFAULTS.diet_type, show_default=True, type=click.Choice(list(DIETS)))
@click.option("--restriction", "restrictions", multiple=True, type=click.Choice(list(RESTRICTIONS)), help="Repeatable.")
@click.option("--dislike", "dislikes", multiple=True, help="A food to leave out. Repeatable.")
@click.option("--snacks", default=DEFAULTS.snacks_per_day, show_default=True, type=click.IntRange(0, 4))
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 28))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same plan.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(days: int, seed: int, as_json: bool, **wishes: Any) -> None:
    """Plan in the terminal, from the catalogue and without a database."""
    from mealplanner.cli.plan_text import plan_for, plan_json, plan_text
    from mealplanner.planner.plan import NothingFits

    if wishes["protein"] + wishes["carbs"] + wishes["fat"] != 100:
        raise click.UsageError("--protein, --carbs and --fat must add up to 100.")
    try:
        request, made = plan_for(_preferences(**wishes), days=days, seed=seed)
    except NothingFits as error:
        raise click.ClickException(" ".join(error.advice)) from error
    click.echo(json.dumps(plan_json(request, made), indent=2) if as_json else plan_text(request, made))


@contextmanager
def _metrics_at(host: str, port: int | None) -> Iterator[None]:
    """Answers Prometheus there during the block; without a port nobody is answered."""
    if port is None:
        yield
        return
    from mealplanner.metrics import serving

    with ExitStack() as stack:
        try:
            port = stack.enter_context(serving(host, port, metrics_folder()))
        except OSError as error:
            raise Unavailable(f"Cannot answer Prometheus on {host}:{port}: {error.strerror}.") from error
        click.echo(f"figures at http://{host}:{port}/metrics")
        yield


def _preferences(
    *, calories: int, protein: int, carbs: int, fat: int, diet: str, restrictions: tuple[str, ...],
    dislikes: tuple[str, ...], snacks: int,
) -> Preferences:  # fmt: skip
    return Preferences(
        calorie_goal=calories,
        macro_protein=protein,
        macro_carbs=carbs,
        macro_fat=fat,
        diet_type=diet,
        dietary_restrictions=list(restrictions),
        disliked_ingredients=list(dislikes),
        snacks_per_day=snacks,
    )


def _demo(config: Config) -> None:
    from mealplanner.cli.demo import EMAIL, make_demo
    from mealplanner.db.database import Database

    password = secrets.token_urlsafe(9)
    database = Database(config)
    database.run(partial(make_demo, password=password))
    database.dispose()
    click.echo(f"Sign in as {EMAIL} with the password {password}")

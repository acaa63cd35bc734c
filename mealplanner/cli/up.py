"""`mealplanner up`: the database, the web server and a worker as one program."""

from __future__ import annotations

import secrets
import sys
from functools import partial

import click

from mealplanner.cli.errors import explained
from mealplanner.config import Config
from mealplanner.config.processes import share_metrics
from mealplanner.config.settings import REGISTRATION


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--demo", is_flag=True, help="Make an account with sample preferences and print how to sign in.")
@explained
def up(host: str, port: int, demo: bool) -> None:
    """Run everything: the database, the web server and a worker. Ctrl-C stops it all."""
    share_metrics()
    from mealplanner.cli.supervisor import Supervisor

    supervisor = Supervisor(Config.from_environ(), host=host, port=port)
    with supervisor.started() as config:
        if demo:
            _make_demo(config)
        click.echo(f"mealplanner answers at {supervisor.url}  (Ctrl-C stops it)")
        click.echo(f"{REGISTRATION[config.registration]} MEALPLANNER_REGISTRATION decides.")
        sys.exit(supervisor.watch())


def _make_demo(config: Config) -> None:
    from mealplanner.auth.passwords.hashing import hashed
    from mealplanner.cli.demo import EMAIL, make_demo
    from mealplanner.client import utc_now
    from mealplanner.storage.database import Database

    password = secrets.token_urlsafe(9)
    database = Database(config)
    database.run(partial(make_demo, password_hash=hashed(password), now=utc_now()))
    database.dispose()
    click.echo(f"Sign in as {EMAIL} with the password {password}")

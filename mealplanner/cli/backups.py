"""`mealplanner backup` and `mealplanner restore`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from mealplanner.cli.errors import explained
from mealplanner.config import Config

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@file_argument
@click.option("--unverified", is_flag=True, help="Do not restore it for a trial.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@explained
def backup(file: Path, unverified: bool, quiet: bool) -> None:
    """Store the database in FILE, while the application runs.

    FILE is readable by its owner alone. It appears, or replaces an older one, once it has been restored for a trial.
    """
    from mealplanner.backups.making import back_up
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.telemetry.logs import configure_logging

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # remove what is half done
    config = Config.from_environ()
    configure_logging(config)
    with attached(config) as config:
        assert config.database_url is not None
        made = back_up(config.database_url, file, scratch=config.data_dir / "scratch", verify=not unverified)
    how = "not verified" if unverified else "restored for a trial"
    if not quiet:
        click.echo(f"{file}: {_content(made.rows)}, {made.size / 1e6:.1f} MB, {how}.")


@click.command()
@file_argument
@click.option("--replace", is_flag=True, help="Delete what the database holds now.")
@explained
def restore(file: Path, replace: bool) -> None:
    """Restore FILE into the database, all of it or nothing. Stop the application first."""
    from mealplanner.backups import restoring
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.telemetry.logs import configure_logging

    config = Config.from_environ()
    configure_logging(config)
    with attached(config) as config:
        assert config.database_url is not None
        rows = restoring.restore(config.database_url, file, replace=replace)
    click.echo(f"Restored {_content(rows)}. Run `mealplanner migrate` if this release is newer than the backup.")


def _content(rows: dict[str, int]) -> str:
    return f"{sum(rows.values())} rows in {len(rows)} tables"

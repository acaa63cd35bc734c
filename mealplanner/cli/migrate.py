"""`mealplanner migrate`: bring the database up to date, from any folder."""

from __future__ import annotations

import click

from mealplanner.cli.errors import explained
from mealplanner.config import Config


def _print_settings(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    from mealplanner.storage.migrations import script_location

    if wanted:
        click.echo(script_location() / "alembic.ini")
        context.exit()


@click.command()
@click.option(
    "--alembic-ini",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_settings,
    help="Print the path of the settings for Alembic's own command: alembic -c PATH history.",
)
@explained
def migrate() -> None:
    """Bring the database up to date. Safe to run while the application serves, and on several machines at once."""
    from mealplanner.embedded_postgres.location import attached
    from mealplanner.storage.migrations import SchemaState, newest_revision, upgrade
    from mealplanner.telemetry.logs import configure_logging

    config = Config.from_environ()
    configure_logging(config)
    with attached(config) as config:
        assert config.database_url is not None
        found = upgrade(config.database_url)
    if found is SchemaState.NEWER:
        click.echo(
            f"The database is newer than this program, which knows revision {newest_revision()}. It stays as it is."
        )
    else:
        click.echo(f"The database is at revision {newest_revision()}.")

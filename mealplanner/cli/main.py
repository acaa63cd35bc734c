"""The `mealplanner` command."""

from __future__ import annotations

import click

from mealplanner.cli.backups import backup, restore
from mealplanner.cli.invitations import invitation
from mealplanner.cli.migrate import migrate
from mealplanner.cli.plan import plan
from mealplanner.cli.up import up
from mealplanner.cli.users import user
from mealplanner.cli.worker import worker


@click.group()
@click.version_option(package_name="mealplanner")
def main() -> None:
    """Plan meals that hit your calories and macros and keep to your diet."""


for command in (up, migrate, worker, backup, restore, plan, user, invitation):
    main.add_command(command)

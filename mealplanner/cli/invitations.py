"""`mealplanner invitation`: links with which others create an account, for an operator."""

from __future__ import annotations

import uuid
from functools import partial

import click

from mealplanner.cli.database import in_database
from mealplanner.cli.errors import explained
from mealplanner.config import Config


@click.group()
def invitation() -> None:
    """Invite people to create an account, also where registering is closed to others."""


@invitation.command()
@click.option("--note", default="", metavar="TEXT", help="Whom it is for. They can read it in their data.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 90), help="How long it works.")
@explained
def create(note: str, days: int) -> None:
    """Make a link that creates one account, and print it."""
    from mealplanner.auth.invitations import services
    from mealplanner.auth.invitations.values import LONGEST_NOTE
    from mealplanner.client import Client, utc_now

    if len(note) > LONGEST_NOTE or not note.isprintable():
        raise click.BadParameter(f"Use at most {LONGEST_NOTE} characters, in one line.", param_hint="--note")
    config = Config.from_environ()
    keys, client = config.signing_keys(), Client(now=utc_now())
    made = in_database(
        partial(services.invite, invitation_id=uuid.uuid4(), note=note, days=days, keys=keys, client=client)
    )
    click.echo(f"{config.address}/auth/register/{made.token}")
    click.echo(f"This link creates one account, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
    if config.registration == "closed":
        click.echo("It does nothing while MEALPLANNER_REGISTRATION=closed is set.", err=True)


@invitation.command("list")
@explained
def list_all() -> None:
    """List the invitations of late, with the links of those that still work."""
    from mealplanner.auth.invitations import services
    from mealplanner.client import utc_now

    config = Config.from_environ()
    found = in_database(partial(services.invitations, keys=config.signing_keys(), now=utc_now()))
    for one in found:
        link = f"  {config.address}/auth/register/{one.token}" if one.token else ""
        click.echo(f"{one.id}  {one.state}, until {one.expires_at:%Y-%m-%d}  {one.note}{link}".rstrip())
    if not found:
        click.echo("There is no invitation.")


@invitation.command()
@click.argument("invitation_id", metavar="ID", type=click.UUID)
@explained
def revoke(invitation_id: uuid.UUID) -> None:
    """Take an invitation back that was not used yet."""
    from mealplanner.auth.invitations import services
    from mealplanner.client import Client, utc_now

    in_database(partial(services.revoke, invitation_id=invitation_id, client=Client(now=utc_now())))
    click.echo("The link of this invitation does nothing any more.")

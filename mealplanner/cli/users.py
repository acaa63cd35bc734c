"""`mealplanner user`: accounts, for an operator. A password is never an argument: other users can see those."""

from __future__ import annotations

from functools import partial

import click

from mealplanner.cli.database import in_database
from mealplanner.cli.errors import explained
from mealplanner.config import Config


@click.group()
def user() -> None:
    """List, make, close and delete accounts."""


def _address(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    from marshmallow import ValidationError

    from mealplanner.auth.schemas import Email

    try:
        return str(Email().deserialize(text))
    except ValidationError as error:
        raise click.BadParameter(str(error.messages[0])) from None


def _new_password(ask: bool) -> str:
    from mealplanner.auth.passwords.hashing import generated

    return click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else generated()


email_argument = click.argument("email", callback=_address)
ask_option = click.option("--ask", is_flag=True, help="Ask for the password instead of making one and printing it.")


@user.command()
@email_argument
@ask_option
@explained
def create(email: str, ask: bool) -> None:
    """Make an account. Its password is printed once."""
    from mealplanner.auth.passwords.hashing import chosen
    from mealplanner.auth.signing_in.services import register

    password = _new_password(ask)
    in_database(partial(register, email=email, password_hash=chosen(password, email=email)))
    click.echo(f"Made an account for {email}." if ask else f"Sign in as {email} with the password {password}")


@user.command()
@email_argument
@ask_option
@explained
def reset(email: str, ask: bool) -> None:
    """Give an account a new password, which is printed once; ends its sessions, its API tokens and any wait."""
    from mealplanner.auth import administration
    from mealplanner.auth.passwords.hashing import chosen
    from mealplanner.client import utc_now

    password_hash = chosen(password := _new_password(ask), email=email)
    in_database(partial(administration.reset, email=email, password_hash=password_hash, now=utc_now()))
    click.echo(f"Changed the password of {email}." if ask else f"Sign in as {email} with the password {password}")


@user.command()
@email_argument
@explained
def verify(email: str) -> None:
    """Confirm an e-mail address without a mail."""
    from mealplanner.auth import administration
    from mealplanner.client import utc_now

    in_database(partial(administration.verify, email=email, now=utc_now()))
    click.echo(f"{email} counts as confirmed.")


@user.command()
@email_argument
@explained
def disable(email: str) -> None:
    """Close an account and end its sessions; nothing is deleted."""
    from mealplanner.auth import administration
    from mealplanner.client import utc_now

    in_database(partial(administration.disable, email=email, now=utc_now()))
    click.echo(f"{email} is closed and signed out everywhere.")


@user.command()
@email_argument
@explained
def enable(email: str) -> None:
    """Open a closed account again."""
    from mealplanner.auth import administration

    in_database(partial(administration.enable, email=email))
    click.echo(f"{email} can sign in again.")


@user.command("grant-operator")
@email_argument
@explained
def grant_operator(email: str) -> None:
    """Let an account open the pages of the administration, at /admin/."""
    from mealplanner.auth.operators import services

    in_database(partial(services.grant, email=email))
    click.echo(f"{email} is an operator.")


@user.command("revoke-operator")
@email_argument
@explained
def revoke_operator(email: str) -> None:
    """Take that back."""
    from mealplanner.auth.operators import services

    in_database(partial(services.revoke, email=email))
    click.echo(f"{email} is no operator.")


@user.command()
@email_argument
@click.confirmation_option(prompt="Delete this account with everything in it, for good?")
@explained
def delete(email: str) -> None:
    """Delete an account with everything that belongs to it."""
    from mealplanner.personal_data import services

    in_database(partial(services.remove, email=email))
    click.echo(f"{email} and everything that belonged to it is deleted.")


@user.command("list")
@explained
def list_all() -> None:
    """List every account: since when, its last sign-in, and whether it is confirmed or closed."""
    from mealplanner.auth import administration

    found = in_database(administration.list_accounts)
    width = max((len(one.email) for one in found), default=0)
    for one in found:
        signed_in = f"signed in {one.last_sign_in:%Y-%m-%d}" if one.last_sign_in else "never signed in"
        marks = [name for name, given in (("not confirmed", not one.verified), ("closed", one.disabled)) if given]
        click.echo(f"{one.email:{width}}  " + ", ".join((f"since {one.created_at:%Y-%m-%d}", signed_in, *marks)))
    if not found:
        click.echo("There is no account.")


@user.command("list-locked")
@explained
def list_locked() -> None:
    """List closed accounts, and accounts and addresses that have to wait after wrong passwords."""
    from mealplanner.auth import administration
    from mealplanner.client import Client, utc_now

    client = Client(now=utc_now(), leniency=Config.from_environ().leniency)
    found = in_database(lambda session: administration.list_locked(session, client))
    for locked in found:
        why = f"has to wait until {locked.until:%H:%M:%S} UTC" if locked.until else "is closed"
        click.echo(f"{locked.who}  {why}")
    if not found:
        click.echo("No account is locked.")

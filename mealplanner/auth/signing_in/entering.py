"""What every way of signing in ends with: the owner is told of a new browser, and a session begins."""

from __future__ import annotations

from collections.abc import Collection

from mealplanner.auth.accounts import Account
from mealplanner.auth.sessions import notices
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.sessions.services import Named
from mealplanner.auth.signing_in import sign_ins
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession


def announce(
    session: UnitOfWorkSession, account: Account, new: Named, *, known: Collection[str], client: Client
) -> None:
    """Tell the owner unless the account is `known` in the browser. Comes first: it locks a throttle."""
    if account.id.hex not in known:
        notices.tell_of_new_browser(session, account, new.id, client=client)


def enter(
    session: UnitOfWorkSession,
    account: Account,
    new: Named,
    *,
    password_hash: str,
    client: Client,
    provider: str | None = None,
) -> None:
    """Keep the sign-in, which may be through a `provider`, and begin the session `new`.

    Raise `WrongCredentials` if the password was changed meanwhile.
    """
    sign_ins.record_success(session, account.id, client, provider=provider)
    sessions.begin(session, account.id, new, password_hash=password_hash, client=client)

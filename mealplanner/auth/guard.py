"""Who may see what: every view asks for a sign-in unless it says that it is public."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from mealplanner.auth.services import Account, account_by_token
from mealplanner.errors import Unauthenticated
from mealplanner.web.access import is_public
from mealplanner.web.transactions import db_session
from mealplanner.web.visits import now


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The person of this request, as plain values: pages can read them when the session is long closed."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def id(self) -> uuid.UUID:
        """Whose pages these are."""
        return self.account.id

    @property
    def email(self) -> str:
        """What the person signs in with."""
        return self.account.email

    def get_id(self) -> str:
        """What the cookie names: not the account, but its present session token."""
        return str(self.account.session_token)


def guard_views(app: Flask) -> None:
    """Puts a sign-in before every view that is not public; call it when all views are registered."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # it would load the person for error pages too
    manager.user_loader(_load)
    app.add_template_global(current_user, "current_user")
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not is_public(view):
            app.view_functions[endpoint] = _signed_in_only(view)


def person() -> uuid.UUID:
    """The id of the person who is signed in."""
    return account().id


def account() -> Account:
    """The account of the person who is signed in."""
    found: Account = current_user.account
    return found


def today() -> datetime.date:
    """The date where the person is."""
    return now().astimezone(ZoneInfo(account().time_zone)).date()


def _signed_in_only(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def guarded(**arguments: Any) -> Any:
        if not current_user.is_authenticated:
            raise Unauthenticated
        return view(**arguments)

    return guarded


def _load(token: str) -> SignedIn | None:
    try:
        account = account_by_token(db_session(), uuid.UUID(token))
    except ValueError:
        return None
    return SignedIn(account) if account is not None else None

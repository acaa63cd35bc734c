"""Who may see what: every view asks for a sign-in unless it says that it is public."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from mealplanner.auth.services import Account, account_by_token
from mealplanner.errors import Unauthenticated
from mealplanner.web.access import is_public
from mealplanner.web.transactions import db_session


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The person of this request, as plain values: pages can read them when the session is long closed."""

    id: uuid.UUID
    email: str
    session_token: uuid.UUID

    @classmethod
    def of(cls, account: Account) -> SignedIn:
        """The same person, as Flask-Login wants to see them."""
        return cls(account.id, account.email, account.session_token)

    def get_id(self) -> str:
        """What the cookie names: not the account, but its present session token."""
        return str(self.session_token)


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
    user_id: uuid.UUID = current_user.id
    return user_id


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
    return SignedIn.of(account) if account is not None else None

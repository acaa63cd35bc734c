"""Sign-ins in Flask: the cookie, the account of a request, and the guard before every view that is not public."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from flask import current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_fresh, login_user, logout_user

from mealplanner.auth.accounts import Account, AnyRow, Query, account_of
from mealplanner.auth.passwords import services as passwords
from mealplanner.auth.passwords.hashing import matches
from mealplanner.auth.sessions import lifetime
from mealplanner.auth.sessions.services import row_by_token
from mealplanner.errors import NotFresh, Unauthenticated
from mealplanner.formatting import Hours, write_dates
from mealplanner.web.access import View, is_public
from mealplanner.web.application import Application
from mealplanner.web.clients import client, now
from mealplanner.web.transactions import db_session, run_apart

T = TypeVar("T")


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The account of this request, as plain values: pages can read them after the database session was closed."""

    def __init__(self, account: Account, row: AnyRow | None = None) -> None:
        self.account = account
        self.row = row

    @property
    def id(self) -> uuid.UUID:
        """The id of the account."""
        return self.account.id

    @property
    def email(self) -> str:
        """The address that the person signs in with."""
        return self.account.email

    def get_id(self) -> str:
        """Return what the cookie names: not the account, but its present session token."""
        return str(self.account.session_token)


def sign_in(account: Account) -> None:
    """Begin a session. What was in the cookie before is dropped: a stranger may have put it there."""
    session.clear()
    session.permanent = True  # outlives the browser's window, not `lifetime.IDLE`
    login_user(SignedIn(account))
    session.update(lifetime.stamps(now()))


def sign_out() -> None:
    """End this session; twice is fine."""
    logout_user()
    session.clear()


def act_for(account: Account) -> None:
    """Let `account` be the one of this request, without a session; what the view wants beside it is read now."""
    beside = _beside()
    row = row_by_token(db_session(), account.session_token, **beside) if beside else None
    if beside and row is None:
        raise Unauthenticated
    write_dates(account.dates)
    g._login_user = SignedIn(account, row)  # where Flask-Login keeps it


def keep_session(account: Account) -> None:
    """Let this session go on when the account's token has changed, which ends all others."""
    login_user(SignedIn(account), fresh=session.get("_fresh", False))


def confirm_session(account: Account) -> None:
    """Store in the cookie that the password was typed just now, at this address and in this browser."""
    login_user(SignedIn(account))
    session.update(lifetime.typed(now()))


def require_fresh_login() -> None:
    """Raise `NotFresh` unless the password was typed a short time ago, at this address and in this browser."""
    if not (login_fresh() and lifetime.fresh(session, now())):
        raise NotFresh


def prove(present_password: str) -> str:
    """Check the password of the person who is signed in, and return its hash; no connection is held meanwhile.

    Raise `Invalid` at `present_password` if it is wrong, `TooMany` after too many guesses. The hash proves something
    only while it is the account's: pass it to the service that writes.
    """
    visitor = client()
    guess = run_apart(passwords.ask_proof, account(), client=visitor)
    right = matches(present_password, guess.password_hash)
    return passwords.take_proof(db_session(), account(), guess, right=right, client=visitor)


def fresh_login(view: View) -> View:
    """Have `view` ask for the password once more, unless it was typed a short time ago."""

    @functools.wraps(view)
    def guarded(**arguments: Any) -> Any:
        require_fresh_login()
        return view(**arguments)

    return guarded  # type: ignore[return-value]


def reading(query: Query) -> Callable[[Callable[[AnyRow], T]], Callable[..., T]]:
    """Call a view with the row of `query`, which `beside_account` made and which is run in place of the account's own.

    Its parameters are the values in the address.
    """

    def prepared(view: Callable[[AnyRow], T]) -> Callable[..., T]:
        @functools.wraps(view)
        def with_row(**_address: Any) -> T:
            return view(current_user.row)

        with_row.reading = query  # type: ignore[attr-defined]
        return with_row

    return prepared


def guard_views(app: Application) -> None:
    """Ask for a sign-in before every view that is not public."""
    app.config.update(PERMANENT_SESSION_LIFETIME=lifetime.IDLE, SESSION_REFRESH_EACH_REQUEST=False)
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # it would load the person for error pages too
    manager.user_loader(_load)
    app.add_template_global(current_user, "current_user")
    app.before_request(write_dates)
    app.before_view.append(_require_sign_in)


def person() -> uuid.UUID:
    """Return the id of the account that is signed in."""
    return account().id


def account() -> Account:
    """Return the account that is signed in."""
    found: Account = current_user.account
    return found


def local_time() -> datetime.datetime:
    """Return the moment of the request in the time zone of the person who is signed in."""
    return now().astimezone(ZoneInfo(account().time_zone))


def today() -> datetime.date:
    """Return the date in the time zone of the person who is signed in."""
    return local_time().date()


def units() -> Literal["metric", "imperial"]:
    """Return what the person who is signed in weighs in."""
    return account().units


def hours() -> Hours:
    """Return how the person who is signed in reads the time."""
    return account().hours


def _require_sign_in(view: Callable[..., Any]) -> None:
    if not is_public(view) and not current_user.is_authenticated:
        raise Unauthenticated


def _load(token: str) -> SignedIn | None:
    moment = now()
    if not lifetime.alive(session, moment):
        return None
    row = row_by_token(db_session(), uuid.UUID(token), **_beside())
    if row is None:
        return None
    if changes := lifetime.touched(session, moment):
        session.update(changes)
    account = account_of(row)
    write_dates(account.dates)
    return SignedIn(account, row)


def _beside() -> dict[str, Any]:
    """Return the query that the view of this request has in place of the account's own, with its parameters."""
    query = getattr(current_app.view_functions.get(request.endpoint or ""), "reading", None)
    return {"query": query, **(request.view_args or {})} if query is not None else {}

"""Sign-ins in Flask: the cookie, the account of a request, and the guard before every view that is not public."""

from __future__ import annotations

import datetime
import functools
import secrets
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from flask import current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_fresh, login_user, logout_user

from mealplanner.auth.accounts import ACCOUNT, Account, AnyRow, Reading, account_of
from mealplanner.auth.passwords import services as passwords
from mealplanner.auth.passwords.hashing import matches
from mealplanner.auth.sessions import known_browsers, lifetime, previous_release
from mealplanner.auth.sessions import services as sessions
from mealplanner.auth.sessions.services import Named, row_by_secret
from mealplanner.db import read
from mealplanner.errors import NotFound, NotFresh, Unauthenticated
from mealplanner.presentation.formatting import Hours, write_dates
from mealplanner.web.access import is_public
from mealplanner.web.application import Application
from mealplanner.web.clients import client, now
from mealplanner.web.keys import key_of_cookie
from mealplanner.web.pages import Answer, View
from mealplanner.web.transactions import db_session, run_apart

T = TypeVar("T")


SECRET: Final = "secret"
"""The key in the cookie for the secret of its session."""


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """The account of this request and its session, as plain values: pages can read them after the transaction."""

    def __init__(self, account: Account, row: AnyRow | None = None, session_id: uuid.UUID | None = None) -> None:
        self.account = account
        self.row = row
        self.session_id = session_id

    @property
    def id(self) -> uuid.UUID:
        """The id of the account."""
        return self.account.id

    @property
    def email(self) -> str:
        """The address that the person signs in with."""
        return self.account.email

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie, which only the release before reads (see `previous_release`)."""
        return str(self.account.session_token)


def new_session() -> Named:
    """Return a session that is about to begin."""
    return Named(id=uuid.uuid4(), secret=secrets.token_urlsafe(32))


def has_session() -> bool:
    """Return whether the cookie says that a person is signed in. The database is not asked whether they still are."""
    return SECRET in session


def known_accounts() -> frozenset[str]:
    """Return the accounts that signed in before in this browser."""
    return known_browsers.accounts(session)


def sign_in(account: Account, begun: Named) -> None:
    """Hand the session that has begun to the browser. What was in the cookie before is dropped: a stranger may have put
    it there."""
    _drop_cookie(account.id)
    session.permanent = True  # outlives the browser's window; the row says when the session ends
    login_user(SignedIn(account, session_id=begun.id))
    session.update({SECRET: begun.secret, **lifetime.typed(now()), **previous_release.read_by_it(now())})


def sign_out() -> None:
    """End this session, here and wherever its cookie was copied to; twice is fine."""
    if current_user.is_authenticated:
        with suppress(NotFound):
            sessions.end(db_session(), person(), session_id(), client=client())
    forget_session()


def forget_session() -> None:
    """Drop what the cookie says of a session that has ended."""
    logout_user()
    _drop_cookie()


def _drop_cookie(user_id: uuid.UUID | None = None) -> None:
    kept = known_browsers.remembered(session, user_id)
    session.clear()
    session.update(kept)


def act_for(account: Account) -> None:
    """Let `account` be the one of this request, without a session; what the view wants beside it is read now."""
    query, values = _reading()
    beside = query is not ACCOUNT
    row = read(db_session(), query.by_id, {"account_id": account.id, **values}).one_or_none() if beside else None
    if beside and row is None:
        raise Unauthenticated
    write_dates(account.dates)
    g._login_user = SignedIn(account, row)  # where Flask-Login keeps it


def session_id() -> uuid.UUID:
    """Return the id of this session."""
    found: uuid.UUID = current_user.session_id
    return found


def renewal() -> Named:
    """Return this session with another secret, for what ends all others; then call `keep_session`."""
    return replace(new_session(), id=session_id())


def keep_session(account: Account, renewed: Named) -> None:
    """Let this session go on with its new secret."""
    login_user(SignedIn(account, session_id=renewed.id), fresh=session.get("_fresh", False))
    session[SECRET] = renewed.secret


def confirm_session(account: Account) -> None:
    """Store in the cookie that the password was typed just now, at this address and in this browser."""
    login_user(SignedIn(account, session_id=session_id()))
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
    def guarded(**arguments: Any) -> Answer:
        require_fresh_login()
        return view(**arguments)

    return guarded


def reading(query: Reading) -> Callable[[Callable[[AnyRow], T]], Callable[..., T]]:
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
    app.config.update(PERMANENT_SESSION_LIFETIME=lifetime.LONGEST, SESSION_REFRESH_EACH_REQUEST=False)
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # it would load the person for error pages too
    manager.user_loader(_load)
    app.add_template_global(current_user, "current_user")
    app.add_template_global(has_session, "has_session")
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


def _load(_session_token: str) -> SignedIn | None:
    moment = now()
    secret = session.get(SECRET) or _exchanged(moment)
    if secret is None:
        return None
    query, values = _reading()
    row = row_by_secret(db_session(), secret, query.by_secret, **values)
    if row is None or not lifetime.alive(row.session_created_at, row.session_used_at, moment):
        return None
    if lifetime.stale(row.session_created_at, row.session_used_at, moment):
        sessions.touch(db_session(), row.session_id, moment)
    if changes := lifetime.set_right(session, moment):
        session.update(changes)
    account = account_of(row)
    write_dates(account.dates)
    return SignedIn(account, row, row.session_id)


def _exchanged(moment: datetime.datetime) -> str | None:
    """Begin the session of a cookie of the release before, and return its secret."""
    key = key_of_cookie()
    old = previous_release.old_session(session, moment, key=key) if key is not None else None
    if old is None:
        return None
    user_id = run_apart(sessions.exchange, old, client=client())
    if user_id is None:
        return None
    session.update({SECRET: old.secret, **known_browsers.remembered(session, user_id)})
    return old.secret


def _reading() -> tuple[Reading, dict[str, Any]]:
    """Return the query that the view of this request has in place of the account's own, with its parameters."""
    query: Reading | None = getattr(current_app.view_functions.get(request.endpoint or ""), "reading", None)
    return (query, dict(request.view_args or {})) if query is not None else (ACCOUNT, {})

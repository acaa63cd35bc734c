"""Mails that tell people of what happens with their account."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Final

from mealplanner.auth.accounts import Account
from mealplanner.auth.jobs import SEND
from mealplanner.client import Client
from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import TooMany
from mealplanner.mail import outbox
from mealplanner.throttle import services as throttle

NEW_BROWSER: Final = "new-browser"


def tell_of_new_browser(session: UnitOfWorkSession, account: Account, session_id: uuid.UUID, *, client: Client) -> None:
    """Mail the owner that a browser signed in which the account was not used with before.

    The mail has the id of the session, where its text is found. After several within hours, the owner knows.
    """
    with suppress(TooMany):
        throttle.spend(session, NEW_BROWSER, client, person=account.id)
        outbox.post(session, SEND, user_id=account.id, kind=NEW_BROWSER, recipient=account.email, mail_id=session_id)

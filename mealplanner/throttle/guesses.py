"""The log of guesses, which programs that ban addresses read (docs/operations.md): no line is ever reworded."""

from __future__ import annotations

import logging
from typing import Final, Literal

from mealplanner.client import Client

Secret = Literal["password", "code", "passkey", "provider", "token", "invitation", "shared-list", "calendar"]
"""What is guessed at. `code` is one of an authenticator app or a recovery code, `provider` what came back from a
sign-in there, `invitation`, `shared-list` and `calendar` the end of an address."""

_log: Final = logging.getLogger("mealplanner.security")


def log_wrong(what: Secret, client: Client) -> None:
    """Log that a secret was wrong."""
    _log.warning("wrong %s from %s", what, client.address)


def log_refused(action: str, client: Client) -> None:
    """Log that an attempt was not looked at, because there were too many."""
    _log.warning("too many attempts at %s from %s", action, client.address)

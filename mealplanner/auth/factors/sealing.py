"""Secrets that have to be read again, sealed with the site's key: a backup of the database alone opens none of them.

With several keys, the first one seals and each of them opens, so that a key can be changed. Pure.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mealplanner.errors import Invalid

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Unreadable(Invalid):
    """The site's key has changed since the secret was sealed."""

    def __init__(self) -> None:
        changed = "The key of this site has changed, so your app can't be checked. Use a recovery code."
        super().__init__({"code": [changed]})


def seal(secret: str, keys: Sequence[str]) -> bytes:
    """Return `secret` as it may be stored."""
    sealed: bytes = _box(keys).encrypt(secret.encode())
    return sealed


def opened(sealed: bytes, keys: Sequence[str]) -> str:
    """Return what was sealed. Raise `Unreadable` if none of the keys opens it."""
    from cryptography.fernet import InvalidToken

    try:
        secret: bytes = _box(keys).decrypt(sealed)
    except InvalidToken:
        raise Unreadable from None
    return secret.decode()


def _box(keys: Sequence[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # takes a tenth of a second to load

    derived = (hashlib.sha256(b"sealed secrets of factors " + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])

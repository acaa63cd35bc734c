"""Passwords: hashed with Argon2id, checked in the same time whether or not there is an account."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 1000

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The Argon2id hash of `password`, with its salt and parameters."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether `password` belongs to `password_hash`. With None it works as long and says no."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@functools.cache
def _nobodys_hash() -> str:
    return hashed("the password of nobody")

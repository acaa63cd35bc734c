"""Passwords: hashed with Argon2id, checked in the same time whether or not there is an account.

A password is text, not bytes: it is brought to one normal form first, so that the same keys on another keyboard or
system give the same password. Argon2 reads all of it, however long.
"""

from __future__ import annotations

import base64
import functools
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from mealplanner.auth.passwords.guessing import EASY, easy_to_guess
from mealplanner.errors import Invalid

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 1000
LENGTH = f"Use {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters."

hasher = PasswordHasher()
"""Its defaults are the low-memory profile of RFC 9106; hashes with other parameters are made again at a sign-in."""


def hashed(password: str) -> str:
    """The Argon2id hash of `password`, with its salt and parameters."""
    return hasher.hash(_normal(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether `password` belongs to `password_hash`. With None it works as long and says no."""
    try:
        return hasher.verify(password_hash or _nobodys_hash(), _normal(password)) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's, and should be made again."""
    return hasher.check_needs_rehash(password_hash)


def check_new(password: str, *, email: str, field: str = "password") -> None:
    """Raises `Invalid` at `field` unless `password` may be chosen for the account of `email`.

    What counts is length; there are no rules about digits and signs, but patterns and common words add little to it.
    """
    normal = _normal(password)
    if not MINIMUM_LENGTH <= len(normal) <= MAXIMUM_LENGTH:
        raise Invalid({field: [LENGTH]})
    if easy_to_guess(normal, known=(email,)):
        raise Invalid({field: [EASY]})


def generated() -> str:
    """A password that nobody chose: 99 random bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _nobodys_hash() -> str:
    """A hash like those of today that belongs to no password; making it costs nothing, verifying it costs as much."""
    parameters = f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"{parameters}${salt}${digest}"

"""Passwords: hashed with Argon2id, and verified in the same time whether or not there is an account.

A password is text, not bytes: it is brought to one normal form first, so that the same keys on another keyboard or
system give the same password. Argon2 reads all of it, however long.

What is slow here takes tens of milliseconds. Call it with no connection held.
"""

from __future__ import annotations

import base64
import functools
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from mealplanner.auth.passwords.guessing import BREACHED, EASY, breached, easy_to_guess
from mealplanner.errors import Invalid
from mealplanner.presentation.formatting import what_shows

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 1000
UNSEEN = f"Use at least {MINIMUM_LENGTH} characters that can be seen. Blanks around them do not count."
LENGTH = f"Use {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters."

hasher = PasswordHasher()
"""Its defaults are the low-memory profile of RFC 9106; hashes with other parameters are made again at a sign-in."""


def hashed(password: str) -> str:
    """Return the Argon2id hash of `password`, with its salt and parameters. Slow."""
    return hasher.hash(_normal(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Return whether `password` belongs to `password_hash`. With None it takes as long and returns False. Slow."""
    try:
        return hasher.verify(password_hash or _hash_of_nothing(), _normal(password)) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def verified(password: str, password_hash: str | None) -> str | None:
    """Return the hash to keep for `password` if it belongs to `password_hash`, else None. Slow.

    It is a new one if the old one was made with other parameters than today's.
    """
    if not matches(password, password_hash):
        return None
    return hashed(password) if hasher.check_needs_rehash(password_hash or "") else password_hash


def chosen(password: str, *, email: str) -> str:
    """Return the hash of a password that is chosen for the account of `email`. Slow.

    Raise `Invalid` at `password` unless it may be: what counts is its length, and how soon it would be guessed. There
    are no rules about digits and signs.
    """
    normal = _normal(password)
    if not MINIMUM_LENGTH <= len(normal) <= MAXIMUM_LENGTH:
        raise Invalid({"password": [LENGTH]})
    if len(what_shows(normal)) < MINIMUM_LENGTH:
        raise Invalid({"password": [UNSEEN]})
    if breached(normal):
        raise Invalid({"password": [BREACHED]})
    if easy_to_guess(normal, email=email):
        raise Invalid({"password": [EASY]})
    return hashed(password)


def generated() -> str:
    """Return a random password: 99 bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _hash_of_nothing() -> str:
    """Return a hash that belongs to no password. Its parameters are today's, so that verifying it takes as long."""
    parameters = f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"{parameters}${salt}${digest}"

"""Secret addresses, which let in without an account.

Only a hash of what such an address ends with is stored, so that the database lets no one in. The end itself is computed
from an id and a key of the site, so that it can be shown to its owner again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

Keys = tuple[str, ...]
"""The keys of a site: the one that signs, then others that still count."""


def token_of(purpose: str, id_: uuid.UUID, keys: Keys) -> str:
    """Return the end of a new address, which cannot be guessed without the first of `keys`."""
    return _derived(purpose, id_, keys[0])


def hash_of(token: str) -> bytes:
    """Return what is stored of an address."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def known_token(purpose: str, id_: uuid.UUID, keys: Keys, token_hash: bytes) -> str | None:
    """Return the end of the address with this hash, None when it was made with a key that is not among `keys`."""
    derived = (_derived(purpose, id_, key) for key in keys)
    return next((token for token in derived if hash_of(token) == token_hash), None)


def _derived(purpose: str, id_: uuid.UUID, key: str) -> str:
    secret = hmac.new(key.encode(), f"{purpose} ".encode() + id_.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")

"""Secret addresses, which let in without an account.

Only a hash of what such an address ends with is stored, so that the database lets no one in. The end itself is computed
from an id and the site's key, so that it can be shown to its owner again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid


def token_of(purpose: str, id_: uuid.UUID, key: str) -> str:
    """Return the end of an address, which cannot be guessed without the site's `key`."""
    secret = hmac.new(key.encode(), f"{purpose} ".encode() + id_.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def hash_of(token: str) -> bytes:
    """Return what is stored of an address."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def known_token(purpose: str, id_: uuid.UUID, key: str, token_hash: bytes) -> str | None:
    """Return the end of the address with this hash, None when the site's key has changed since it was made."""
    token = token_of(purpose, id_, key)
    return token if hash_of(token) == token_hash else None

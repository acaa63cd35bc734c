"""Codes of authenticator apps, and recovery codes: pure functions of secrets, texts and the time."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

import pyotp

ISSUER: Final = "mealplanner"
PERIOD: Final = 30
"""Seconds for which an app shows a code."""

DRIFT: Final = 1
"""Periods that the clock of a phone may be ahead or behind."""

MANY: Final = 10
"""Recovery codes that are made at once."""

_SPACES: Final = re.compile(r"[\s-]+")
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")


def step_of(secret: str, code: str, now: datetime.datetime) -> int | None:
    """Return the period whose code this is, None if it is that of none near `now`. Takes as long for any code."""
    present, app = int(now.timestamp()) // PERIOD, pyotp.TOTP(secret, interval=PERIOD)
    steps = range(present - DRIFT, present + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(app.generate_otp(step), code)]
    return right[0] if right else None


def address_for_apps(secret: str, email: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_code(text: str) -> str:
    """Return `text` as an inline SVG, dark on light in any colour scheme, without styles of its own."""
    import segno

    drawn: str = segno.make(text, error="m").svg_inline(
        border=4, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return drawn


def in_groups(text: str) -> str:
    """Return `ABCD EFGH` for `ABCDEFGH`, which is easier to type."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def typed_code(text: str) -> str:
    """Return a code as it is compared: without spaces and hyphens, in capitals."""
    return _SPACES.sub("", text).upper()


def of_an_app(code: str) -> bool:
    """Return whether `code` has the form of one that an app shows, rather than of a recovery code."""
    return _SIX_DIGITS.fullmatch(code) is not None


def new_recovery_codes(random_bytes: Callable[[int], bytes]) -> list[str]:
    """Return ten new codes of 80 random bits, in groups of four letters and digits."""
    return ["-".join(in_groups(base64.b32encode(random_bytes(10)).decode()).split()) for _ in range(MANY)]


def hash_of_code(code: str) -> bytes:
    """Return what is stored of a recovery code. It is random and long enough for a hash that is fast."""
    return hashlib.sha256(typed_code(code).encode(errors="surrogatepass")).digest()

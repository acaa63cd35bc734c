"""Passkeys: what is asked of a browser, and whether its answer holds. Pure, but for the library that checks signatures.

The library is loaded with the first answer that is checked; what is asked is plain JSON and does without it.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mealplanner.errors import Invalid

if TYPE_CHECKING:
    from webauthn.registration.verify_registration_response import VerifiedRegistration

MILLISECONDS: Final = 120_000
"""For which the browser waits for the person."""

ALGORITHMS: Final = (-8, -7, -257)
"""EdDSA, ECDSA with P-256, RSA: what devices offer."""

GARBLED: Final = "The browser's answer can't be read. Please try again."
CAUSES: Final = {
    "RP ID": "This passkey belongs to another site.",
    "verification is required": "Your device has to make sure that it's you: by a PIN, a fingerprint or your face.",
    "not verified": "Your device has to make sure that it's you: by a PIN, a fingerprint or your face.",
    "sign count": "This passkey was used more often than we know of, so there may be a copy. Remove it, add another.",
    "signature": "The answer doesn't fit this passkey.",
}
"""What the library says -> what the person reads."""


class BadPasskey(Invalid):
    """An answer that does not count, with the reason."""

    def __init__(self, why: str) -> None:
        super().__init__({"passkey": [why]})


@dataclass(frozen=True, slots=True)
class Site:
    """The site as passkeys know it: by the name of its host, and by its origin."""

    name: str
    origin: str

    @classmethod
    def at(cls, url: str) -> Site:
        """Return the site at `url`."""
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        shown = f"[{host}]" if ":" in host else host
        return cls(host, f"{parts.scheme}://{shown}{f':{parts.port}' if parts.port else ''}")

    @property
    def trouble(self) -> str | None:
        """Return why browsers give this site no passkeys, None if they do."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            secure = self.origin.startswith("https:") or self.name == "localhost" or self.name.endswith(".localhost")
            return None if secure else "Passkeys work only over https. Ask the person who runs this site."
        return "Passkeys work only at an address with a name, like localhost, and not at numbers like these."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer of a browser, as far as it can be read without a check."""

    credential: dict[str, Any]
    credential_id: bytes
    challenge: str
    origin: str


def asked_to_create(site: Site, user_id: uuid.UUID, email: str, *, has: Iterable[bytes], challenge: str) -> str:
    """Return what asks the browser for a new passkey, one that is found without a name and checks the person."""
    return json.dumps(
        {
            "rp": {"id": site.name, "name": "mealplanner"},
            "user": {"id": _text(user_id.bytes), "name": email, "displayName": email},
            "challenge": _text(challenge.encode()),
            "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "excludeCredentials": [{"type": "public-key", "id": _text(id_)} for id_ in has],
            "attestation": "none",
            "timeout": MILLISECONDS,
        }
    )


def asked_to_show(site: Site, *, challenge: str, of: Iterable[bytes] = ()) -> str:
    """Return what asks the browser for a passkey: any of this site, or one `of` an account."""
    return json.dumps(
        {
            "rpId": site.name,
            "challenge": _text(challenge.encode()),
            "allowCredentials": [{"type": "public-key", "id": _text(id_)} for id_ in of],
            "userVerification": "required",
            "timeout": MILLISECONDS,
        }
    )


def read_answer(text: str) -> Answered:
    """Return what a browser answered. Raise `BadPasskey` if that is no answer at all."""
    try:
        credential = json.loads(text)
        said = json.loads(_bytes(credential["response"]["clientDataJSON"]))
        challenge, origin = _bytes(said["challenge"]).decode(), str(said["origin"])
        return Answered(
            credential=credential, credential_id=_bytes(credential["rawId"]), challenge=challenge, origin=origin
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadPasskey(GARBLED) from None


def checked_new(answered: Answered, site: Site) -> VerifiedRegistration:
    """Return the passkey that was made for this site. Raise `BadPasskey` with the cause."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    _refuse_other_origin(answered, site)
    try:
        return verify_registration_response(
            credential=answered.credential,
            expected_challenge=answered.challenge.encode(),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(_cause(error)) from error


def checked_shown(answered: Answered, site: Site, *, public_key: bytes, sign_count: int) -> int:
    """Return the new count of a passkey that was shown to this site. Raise `BadPasskey` with the cause."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    _refuse_other_origin(answered, site)
    try:
        return verify_authentication_response(
            credential=answered.credential,
            expected_challenge=answered.challenge.encode(),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(_cause(error)) from error


def _refuse_other_origin(answered: Answered, site: Site) -> None:
    if answered.origin != site.origin:
        raise BadPasskey(f"This passkey was shown to {answered.origin[:100]}, and this site is {site.origin}.")


def _cause(error: Exception) -> str:
    said = str(error)
    return next((cause for words, cause in CAUSES.items() if words in said), GARBLED)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"==", altchars=b"-_", validate=False)
    except binascii.Error as error:
        raise ValueError(text) from error

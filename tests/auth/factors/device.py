"""A device with passkeys, as browsers have them: it signs what a page asks for, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

from tests.visitor import Visitor

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ORIGIN = "http://localhost"
ALONE = "/auth/passkey"
"""Where a passkey alone signs in."""


def text(data: bytes) -> str:
    """Return bytes as pages and browsers write them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def asked(page: str) -> dict[str, Any]:
    """Return what a page asks of the browser."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found is not None, page
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


@dataclass
class Device:
    """One passkey. `flags`: what it says of the person; `counts`: whether it counts its uses."""

    origin: str = ORIGIN
    site: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, options: dict[str, Any], **changes: Any) -> str:
        """Return the answer to a page that asks for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(HAS_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", options, attestationObject=text(attestation), **changes)

    def show(self, options: dict[str, Any], **changes: Any) -> str:
        """Return the answer to a page that asks for a passkey."""
        self.count += self.counts
        data, client = self._data(), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        signed = {"authenticatorData": text(data), "signature": text(signature)}
        return self._answer("webauthn.get", options, **{**signed, **changes})

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, kind: str, options: dict[str, Any], **response: str) -> str:
        response = {"clientDataJSON": text(self._client(kind, options)), **response}
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})


def with_passkey(member: Visitor, **traits: Any) -> Device:
    """Add a passkey to the account."""
    device = Device(**traits)
    answer = device.create(asked(member.get("/auth/account/passkeys/new").text))
    added = member.post("/auth/account/passkeys/new", {"name": "Phone", "credential": answer})
    assert added.status_code in (200, 303), added.text
    return device


def show(browser: Visitor, device: Device, **changes: Any) -> TestResponse:
    """Sign in with the passkey alone."""
    return browser.post(ALONE, {"credential": device.show(asked(browser.get("/auth/login").text), **changes)})

"""Asking a provider who a person is: discovery, the way there, and what its answer proves. Knows no database.

Importing this loads the libraries of the protocol; import it when a provider is asked.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core.claims import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from mealplanner.auth.oidc.conversation import Conversation, Trouble
from mealplanner.auth.oidc.errors import ProviderRefused, ProviderTrouble
from mealplanner.auth.oidc.values import Flow, Identity
from mealplanner.config.sign_in_provider import SignInProvider
from mealplanner.presentation.formatting import without_unseen

log = logging.getLogger(__name__)

ALGORITHMS: Final = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
]
"""How an answer may be signed: by a key that only the provider has."""

LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""

SCOPES: Final = "openid profile email"
LONGEST_SUBJECT: Final = 255
LONGEST_LABEL: Final = 100


def way_there(provider: SignInProvider, flow: Flow, *, back: str) -> str:
    """Return the address at the provider that begins `flow` and leads `back`. Raise `ProviderTrouble`."""
    try:
        conversation = Conversation(trust_env=not provider.here)
        address = _endpoint(provider, _discovered(provider, conversation), "authorization_endpoint")
    except Trouble as trouble:
        raise _told(provider, trouble) from None
    client = _client(provider, conversation, back)
    address, _ = client.create_authorization_url(
        address, state=flow.state, code_verifier=flow.verifier, nonce=flow.nonce
    )
    return str(address)


def proven(provider: SignInProvider, flow: Flow, code: str, *, back: str, now: datetime.datetime) -> Identity:
    """Return who the provider says the person is, in exchange for `code`.

    Raise `ProviderTrouble`, and `ProviderRefused` unless its answer was written for this site, this flow and this time.
    """
    conversation = Conversation(trust_env=not provider.here)
    try:
        metadata = _discovered(provider, conversation)
        token = _exchanged(provider, conversation, metadata, flow, code, back)
        keys = conversation.get(_endpoint(provider, metadata, "jwks_uri"))
    except Trouble as trouble:
        raise _told(provider, trouble) from None
    return _identity(provider, _claims(provider, token, keys, flow, now))


def _discovered(provider: SignInProvider, conversation: Conversation) -> dict[str, Any]:
    found = conversation.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise Trouble("wrong", f"it calls itself {found.get('issuer')!r:.200}, not {provider.issuer!r}")
    return found


def _endpoint(provider: SignInProvider, metadata: dict[str, Any], name: str) -> str:
    """Return an address of the provider. Raise `Trouble` for one that is less safe than that of the provider itself."""
    address = metadata.get(name)
    if not isinstance(address, str) or urlsplit(address).scheme not in {"https", urlsplit(provider.issuer).scheme}:
        raise Trouble("wrong", f"its {name} is {address!r:.200}")
    return address


def _client(provider: SignInProvider, conversation: Conversation, back: str) -> OAuth2Client:
    return OAuth2Client(
        conversation,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        scope=SCOPES,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _exchanged(
    provider: SignInProvider,
    conversation: Conversation,
    metadata: dict[str, Any],
    flow: Flow,
    code: str,
    back: str,
) -> dict[str, Any]:
    client = _client(provider, conversation, back)
    methods = metadata.get("token_endpoint_auth_methods_supported")
    if provider.client_secret and isinstance(methods, list) and "client_secret_basic" not in methods:
        client.token_endpoint_auth_method = "client_secret_post"  # nosec B105  # the name of a method
    try:
        token = client.fetch_token(
            _endpoint(provider, metadata, "token_endpoint"),
            grant_type="authorization_code",
            code=code,
            code_verifier=flow.verifier,
            redirect_uri=back,
        )
    except AuthlibBaseError as error:
        log.warning("the sign-in provider refused a code: %s", error.error)
        raise ProviderRefused(provider.name, "code") from None
    except ValueError as error:
        raise Trouble("wrong", str(error)) from None
    return dict(token)


def _claims(
    provider: SignInProvider, token: dict[str, Any], keys: dict[str, Any], flow: Flow, now: datetime.datetime
) -> CodeIDToken:
    try:
        decoded = jwt.decode(str(token.get("id_token")), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("the answer of the sign-in provider: %s", error)
        raise ProviderRefused(provider.name, "signature") from None
    expected = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    known = {"nonce": flow.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, expected, known)
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except ExpiredTokenError:
        raise ProviderRefused(provider.name, "exp") from None
    except JoseError as error:
        log.warning("the answer of the sign-in provider: %s", error)
        raise ProviderRefused(provider.name, str(getattr(error, "claim", "other"))) from None
    return claims


def _identity(provider: SignInProvider, claims: CodeIDToken) -> Identity:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
        raise ProviderRefused(provider.name, "sub")
    names = (claims.get(name) for name in ("email", "preferred_username", "name"))
    shown = next((name for name in names if isinstance(name, str) and name.strip()), subject)
    return Identity(issuer=provider.issuer, subject=subject, label=without_unseen(shown)[:LONGEST_LABEL])


def _told(provider: SignInProvider, trouble: Trouble) -> ProviderTrouble:
    log.warning("the sign-in provider %s: %s", provider.issuer, trouble)
    return ProviderTrouble(provider.name, trouble.cause)

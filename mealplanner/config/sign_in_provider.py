"""The OpenID Connect provider with which people may sign in, beside their password. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from mealplanner.config.parsing import is_host, on_this_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInProvider:
    """A provider and this site's registration there. Without a secret the site is a public client."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    name: str
    """What the button says after *Sign in with*."""

    @property
    def here(self) -> bool:
        """Whether the provider runs on this machine."""
        return on_this_machine(urlsplit(self.issuer).hostname or "")


def sign_in_provider(settings: Mapping[str, Any]) -> SignInProvider | None:
    """Return the provider that `settings`, named as in `PROVIDER_VARIABLES`, describe; None without an issuer."""
    values = {name.removeprefix("provider."): value for name, value in settings.items()}
    if "issuer" not in values:
        return None
    defaults = {"name": urlsplit(values["issuer"]).hostname, "client_id": ""}
    return SignInProvider(**{**defaults, **values})


def _issuer(text: str) -> str:
    """Read an address, whose every character counts: a provider names itself by exactly this text."""
    try:
        url = urlsplit(text)
        usable = is_host(url.hostname) and url.port != 0 and not url.query and not url.fragment and "@" not in text
    except ValueError:
        usable = False
    local = usable and url.scheme == "http" and on_this_machine(url.hostname or "")
    if not usable or not (url.scheme == "https" or local) or not text.isascii() or not text.isprintable():
        raise ValueError("takes the address of a provider, like https://id.example.org/realms/home")
    return text


def _printable(text: str) -> str:
    if not text.isprintable() or text.isspace() or len(text) > 500:
        raise ValueError("takes 1 to 500 characters, in one line")
    return text


def _name(text: str) -> str:
    if not text.isprintable() or text.isspace() or len(text) > 40:
        raise ValueError("takes a name of at most 40 characters")
    return text


PROVIDER_VARIABLES: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "MEALPLANNER_OIDC_ISSUER": ("provider.issuer", _issuer),
    "MEALPLANNER_OIDC_CLIENT_ID": ("provider.client_id", _printable),
    "MEALPLANNER_OIDC_CLIENT_SECRET": ("provider.client_secret", _printable),
    "MEALPLANNER_OIDC_NAME": ("provider.name", _name),
}
"""Variable -> the setting that it fills and how its text is read."""

"""The mail server (`SMTP_URL`) and the sender (`MAIL_FROM`). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.errors import InvalidHeaderDefect
from email.policy import default
from email.utils import formataddr
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from mealplanner.config.parsing import is_host, on_this_machine

Tls = Literal["implicit", "starttls", "none"]

SMTP_URL: Final = (
    "takes a URL like smtps://user:password@host, or smtp://user:password@host, with ?starttls=always or "
    "?starttls=never to say whether TLS is asked for"
)
CLEAR: Final = "must not send a password beyond this machine without TLS: use smtps:// or ?starttls=always"
MAIL_FROM: Final = "takes an e-mail address like meals@example.org or Meals <meals@example.org>"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server. `implicit` TLS begins with the connection, `starttls` is required after the greeting."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str = field(default="", repr=False)


def smtp_server(text: str) -> SmtpServer:
    """Read `smtps://` (port 465) or `smtp://` (port 587 with STARTTLS; on this machine port 25 without it).

    Raise `ValueError` for anything else, and for a password that would leave this machine without TLS.
    """
    url = urlsplit(text)
    try:
        port = url.port
    except ValueError:
        raise ValueError(SMTP_URL) from None
    if url.scheme not in ("smtp", "smtps") or not is_host(url.hostname) or url.path.strip("/") or url.fragment:
        raise ValueError(SMTP_URL)
    if port == 0 or (url.password and not url.username) or not text.isprintable():
        raise ValueError(SMTP_URL)
    here = on_this_machine(url.hostname or "")
    tls = _tls(url, here)
    if url.username and tls == "none" and not here:
        raise ValueError(CLEAR)
    return SmtpServer(
        host=url.hostname or "",
        port=port or (465 if tls == "implicit" else 25 if here else 587),
        tls=tls,
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password or ""),
    )


def sender(text: str) -> str:
    """Return an address, with or without a name before it, as a `From:` header shows it. Raise `ValueError`."""
    try:
        header = default.header_factory("From", text if text.isprintable() else "")
    except IndexError:  # what Python's parser says of `meals@`
        raise ValueError(MAIL_FROM) from None
    if (
        any(isinstance(one, InvalidHeaderDefect) for one in header.defects)
        or len(header.addresses) != 1
        or header.groups[0].display_name
    ):
        raise ValueError(MAIL_FROM)
    (found,) = header.addresses
    if not (found.username and found.addr_spec.isascii() and is_host(found.domain)):
        raise ValueError(MAIL_FROM)
    return formataddr((found.display_name, found.addr_spec))


def _tls(url: SplitResult, here: bool) -> Tls:
    wish = dict(parse_qsl(url.query, keep_blank_values=True))
    if url.scheme == "smtps" and not wish:
        return "implicit"
    if url.scheme == "smtps" or set(wish) - {"starttls"} or wish.get("starttls", "never") not in ("always", "never"):
        raise ValueError(SMTP_URL)
    return "starttls" if wish.get("starttls", "never" if here else "always") == "always" else "none"

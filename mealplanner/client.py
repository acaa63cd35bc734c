"""Who knocks: from which address, with which browser, and when. Plain values, so that services need no request."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from typing import Final

NOWHERE: Final = "this machine"
"""The address of whoever comes from the machine itself, or through a proxy that was not announced."""

_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""A word of the user agent -> the browser's name; the first that is found decides, since each claims to be the next."""

_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One knock at the door. `leniency` multiplies how often somebody may try (see `throttle.limits`)."""

    now: datetime.datetime
    address: str = NOWHERE
    browser: str = "a program"
    leniency: float = 1.0

    @property
    def from_elsewhere(self) -> bool:
        """Whether the address tells one visitor from another."""
        return self.address != NOWHERE


def utc_now() -> datetime.datetime:
    """The clock of everyday."""
    return datetime.datetime.now(datetime.UTC)


def network(address: str | None) -> str:
    """The address as it is counted: an IPv4 address, the /64 of an IPv6 one (a household's), or `NOWHERE`.

    A loopback address says nothing about who is there: behind a proxy that was not announced it is everybody's.
    """
    try:
        parsed = ipaddress.ip_address((address or "").split("%", 1)[0])
    except ValueError:
        return NOWHERE
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return NOWHERE
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def browser_family(user_agent: str) -> str:
    """`Firefox on Linux`: enough for people to know their own browser, too little to tell people apart."""
    browser = next((name for word, name in _BROWSERS if word in user_agent), None)
    system = next((name for word, name in _SYSTEMS if word in user_agent), None)
    if browser is None:
        return "a program"
    return f"{browser} on {system}" if system else browser

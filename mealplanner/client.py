"""The client behind a request: its address, its browser, and the time, as plain values for services."""

from __future__ import annotations

import datetime
import functools
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOWHERE: Final = "this machine"
"""The address of a client on the machine itself, or behind a proxy that was not announced."""

PROGRAM: Final = "a program"
"""What is not known to be a browser."""

LONGEST_USER_AGENT: Final = 300
"""Characters that are read. Real browsers stay below; 300 take the parser 3 ms at worst."""

_BROWSERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Chrome Mobile WebView"), "Chrome"),
    **dict.fromkeys(("Chromium", "HeadlessChrome"), "Chrome"),
    **dict.fromkeys(("Edge", "Edge Mobile"), "Edge"),
    **dict.fromkeys(("Firefox", "Firefox Mobile", "Firefox iOS", "Firefox Focus"), "Firefox"),
    **dict.fromkeys(("Safari", "Mobile Safari", "Mobile Safari UI/WKWebView"), "Safari"),
    **dict.fromkeys(("Opera", "Opera Mobile", "Opera Mini"), "Opera"),
    **dict.fromkeys(("DuckDuckGo", "DuckDuckGo Mobile"), "DuckDuckGo"),
    **{name: name for name in ("Brave", "IE", "Samsung Internet", "UC Browser", "Vivaldi", "Yandex Browser")},
}
"""The parser's name of a browser -> the one that people know. No others: some would be the client's own words."""

_SYSTEMS: Final[Mapping[str, str]] = {
    **{name: name for name in ("Android", "Linux", "Windows", "iOS")},
    **dict.fromkeys(("Debian", "Fedora", "Ubuntu"), "Linux"),
    "Chrome OS": "ChromeOS",
    "Mac OS X": "macOS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The sender of a request. `leniency` multiplies how often something may be tried (see `throttle.limits`)."""

    now: datetime.datetime
    address: str = NOWHERE
    browser: str = PROGRAM
    leniency: float = 1.0

    @property
    def from_elsewhere(self) -> bool:
        """Whether the address tells one client from another."""
        return self.address != NOWHERE

    @property
    def network(self) -> str | None:
        """The /48 around an IPv6 address, which one customer may have to choose from; None for others."""
        if ":" not in self.address:
            return None
        return str(ipaddress.IPv6Network(self.address).supernet(new_prefix=48))


def utc_now() -> datetime.datetime:
    """Return the time of the system clock."""
    return datetime.datetime.now(datetime.UTC)


def network(address: str | None) -> str:
    """Return the address as it is counted: an IPv4 address, the /64 of an IPv6 one (a household's), or `NOWHERE`.

    A loopback address says nothing about the client: behind a proxy that was not announced all clients have it.
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


@functools.lru_cache(1024)
def browser_family(user_agent: str) -> str:
    """Return `Firefox on Linux`: enough for people to know their own browser, too little to tell people apart.

    The parser takes 6 MB and 0.2 s to load, once in each process that asks.
    """
    import ua_parser
    from ua_parser import Domain

    found = ua_parser.parser(user_agent[:LONGEST_USER_AGENT], Domain.USER_AGENT | Domain.OS)
    browser = _BROWSERS.get(found.user_agent.family) if found.user_agent else None
    system = _SYSTEMS.get(found.os.family) if found.os else None
    if browser is None:
        return PROGRAM
    if system == "iOS":
        system = "iPad" if "iPad" in user_agent else "iPhone"
    return f"{browser} on {system}" if system else browser

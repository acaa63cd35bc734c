"""Who knocks, as it is counted and shown."""

from __future__ import annotations

import pytest

from mealplanner.client import NOWHERE, browser_family, network

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", NOWHERE),
        ("::1", NOWHERE),
        ("::ffff:127.0.0.1", NOWHERE),
        ("", NOWHERE),
        (None, NOWHERE),
        ("not an address", NOWHERE),
    ],
)
def test_an_address_is_counted_by_household(address: str | None, counted: str) -> None:
    """An IPv6 household has a whole network to choose from; loopback tells nobody apart."""
    assert network(address) == counted


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (CHROME, "Chrome on Android"),
        (IPHONE, "Safari on iPhone"),
        ("Safari", "Safari"),
        ("curl/8.9", "a program"),
        ("", "a program"),
        ("<script>Firefox</script>", "Firefox"),
    ],
)
def test_a_browser_is_known_by_its_family(user_agent: str, family: str) -> None:
    """Never by its own words, which anybody may choose."""
    assert browser_family(user_agent) == family

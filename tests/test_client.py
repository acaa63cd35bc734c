"""The client as it is counted and shown."""

from __future__ import annotations

import datetime

import pytest

from mealplanner.client import NOWHERE, PROGRAM, Client, browser_family, network

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


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
    """An IPv6 household has a whole network to choose from; a loopback address tells no clients apart."""
    assert network(address) == counted


@pytest.mark.parametrize(
    ("address", "around"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"), ("203.0.113.7", None), ("127.0.0.1", None)],
)
def test_an_ipv6_address_is_counted_by_its_customer_too(address: str, around: str | None) -> None:
    now = datetime.datetime.now(datetime.UTC)
    assert Client(now=now, address=network(address)).network == around


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36 OPR/124.0.0.0", "Opera on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15; K) {CHROMIUM} Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROMIUM} Safari/537.36", "Chrome on ChromeOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {SAFARI}", "Safari on iPhone"),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) {SAFARI.replace('Version', 'CriOS')}", "Chrome on iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.9", PROGRAM),
        ("", PROGRAM),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_its_family(user_agent: str, family: str) -> None:
    assert browser_family(user_agent) == family


@pytest.mark.parametrize(
    "user_agent",
    ["PwnedBank/1.0 (call 0900)", "YourBank.com Bot/1.0", "<script>alert(1)</script>", "x" * 10_000, "(a;" * 5_000],
)
def test_a_browser_is_never_shown_by_words_of_its_own(user_agent: str) -> None:
    """The owner of the account reads the list of sign-ins, and a stranger can write into it."""
    assert browser_family(user_agent) == PROGRAM

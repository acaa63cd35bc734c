"""Which site a request was sent from."""

from __future__ import annotations

import pytest

from mealplanner.web.origins import origin, sender

OURS = {"https://meals.example.org:443"}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Origin": "https://meals.example.org"}, True),
        ({"Origin": "https://MEALS.example.org:443"}, True),
        ({"Origin": "http://meals.example.org"}, False),
        ({"Origin": "https://meals.example.org:8443"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://meals.example.org.evil.example"}, False),
        ({"Origin": "https://meals.example.org@evil.example"}, False),
        ({"Origin": "https://[broken"}, False),
        ({"Origin": "moz-extension://meals.example.org"}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "https://evil.example", "Referer": "https://meals.example.org/"}, False),
        ({"Referer": "https://meals.example.org/preferences"}, True),
        ({"Referer": "https://evil.example/meals.example.org"}, False),
        ({"Origin": "null", "Referer": "https://meals.example.org/"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null"}, None),
        ({"Origin": "", "Referer": ""}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_first_header_that_says_where_the_form_stood_decides(headers: dict[str, str], ours: bool | None) -> None:
    assert sender(headers, OURS).ours is ours


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://küche.example/a?b#c", "https://xn--kche-0ra.example:443"),
        ("http://[2001:db8::1]:8000/", "http://[2001:db8::1]:8000"),
        ("http://user:secret@localhost", "http://localhost:80"),
        ("about:blank", None),
        ("https://", None),
        ("https://host:99999", None),
        ("", None),
        ("https://\u00e4..org", None),
        ("https://" + "\u00e4" * 80 + ".org", None),
    ],
)
def test_an_origin_has_one_spelling(url: str, expected: str | None) -> None:
    assert origin(url) == expected


def test_the_answer_names_the_header_without_what_follows_the_host() -> None:
    assert sender({"Referer": "https://evil.example/path?secret"}, OURS).said == "Referer: https://evil.example:443"

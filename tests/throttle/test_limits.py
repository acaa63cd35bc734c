"""How long to wait."""

from __future__ import annotations

import datetime

import pytest

from mealplanner.throttle.limits import FORGOTTEN, HOUR, LIMITS, MINUTE, SECOND, Limit, in_words

LIMIT = Limit(free=3, refill=10 * MINUTE, first=15 * SECOND, longest=2 * MINUTE)
NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("level", "seconds"),
    [(0, 0), (1, 0), (2, 0), (2.4, 0), (2.99, 15), (3, 15), (4, 30), (5, 60), (6, 120), (7, 120), (10_000, 120)],
)
def test_waits_double_until_the_longest(level: float, seconds: int) -> None:
    """Some attempts are free; rounding gives back the fraction that time took off."""
    assert LIMIT.wait(level) == seconds * SECOND


def test_the_wait_runs_out_by_itself() -> None:
    """To the second, and never below nothing."""
    assert LIMIT.wait_left(4, NOW, NOW + 10 * SECOND) == 20 * SECOND
    assert LIMIT.wait_left(4, NOW, NOW + 30 * SECOND) == 0 * SECOND
    assert LIMIT.wait_left(4, NOW, NOW + HOUR) == 0 * SECOND


def test_levels_end_where_the_longest_wait_begins() -> None:
    """So that the level is forgotten in a bounded time."""
    assert LIMIT.wait(LIMIT.most) == LIMIT.longest
    assert LIMIT.wait(LIMIT.most - 1) < LIMIT.longest
    assert LIMIT.forgotten == 60 * MINUTE


def test_leniency_allows_more_and_forgets_sooner() -> None:
    """The waits themselves stay as they are."""
    lenient = LIMIT.for_leniency(10)
    assert (lenient.free, lenient.refill) == (30, MINUTE)
    assert (lenient.first, lenient.longest) == (LIMIT.first, LIMIT.longest)
    assert LIMIT.for_leniency(1000).wait(3000) == LIMIT.first
    assert LIMIT.for_leniency(1) == LIMIT


@pytest.mark.parametrize("limit", LIMITS.values(), ids=lambda limit: repr(limit))
def test_no_wait_is_for_good(limit: Limit) -> None:
    """No wait is longer than an hour, and all is forgotten within half a day."""
    assert limit.longest <= HOUR
    assert limit.forgotten <= FORGOTTEN <= 12 * HOUR


@pytest.mark.parametrize("limit", [LIMITS["login", "account"], LIMITS["login", "pair"]])
def test_guessing_one_password_is_hopeless(limit: Limit) -> None:
    """At most a hundred guesses a day."""
    assert datetime.timedelta(days=1) / limit.longest < 100


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (14.1, "15 seconds"),
        (90, "90 seconds"),
        (91, "2 minutes"),
        (900, "15 minutes"),
        (5400, "90 minutes"),
        (5401, "2 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: float, words: str) -> None:
    assert in_words(seconds * SECOND) == words

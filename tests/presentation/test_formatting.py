"""How dates, times, amounts and names are written."""

from __future__ import annotations

import datetime
import decimal

import pytest

from mealplanner.presentation import formatting

MONDAY = datetime.date(2026, 11, 23)


def test_a_day_is_written_with_its_weekday() -> None:
    """A day is its weekday, its number and its month, in full or in short."""
    assert formatting.day(MONDAY) == "Monday 23 November"
    assert formatting.short_date(MONDAY) == "Mon 23 Nov"
    assert formatting.weekday(MONDAY) == "Mon"


@pytest.mark.parametrize(
    ("start", "days", "written"),
    [
        (MONDAY, 1, "23 November 2026"),
        (MONDAY, 7, "23\N{EN DASH}29 November 2026"),
        (MONDAY, 14, "23 November \N{EN DASH} 6 December 2026"),
        (datetime.date(2026, 12, 28), 7, "28 December 2026 \N{EN DASH} 3 January 2027"),
    ],
)
def test_a_range_of_days_says_once_what_its_ends_share(start: datetime.date, days: int, written: str) -> None:
    """Month and year stand at both ends only where they differ."""
    assert formatting.date_range(start, days) == written


def test_the_year_of_today_goes_without_saying() -> None:
    """Unless a menu lies in two years, or the year is another."""
    assert formatting.date_range(MONDAY, 14, MONDAY) == "23 November \N{EN DASH} 6 December"
    assert formatting.date_range(MONDAY, 1, MONDAY) == "23 November"
    assert formatting.date_range(MONDAY, 7, datetime.date(2027, 1, 1)) == "23\N{EN DASH}29 November 2026"
    across = formatting.date_range(datetime.date(2026, 12, 28), 7, MONDAY)
    assert across == "28 December 2026 \N{EN DASH} 3 January 2027"
    with formatting.dates_written("month-first"):
        assert formatting.date_range(MONDAY, 7, MONDAY) == "November 23\N{EN DASH}29"


@pytest.mark.parametrize(
    ("start", "days", "written"),
    [
        (MONDAY, 1, "November 23, 2026"),
        (MONDAY, 7, "November 23\N{EN DASH}29, 2026"),
        (MONDAY, 14, "November 23 \N{EN DASH} December 6, 2026"),
        (datetime.date(2026, 12, 28), 7, "December 28, 2026 \N{EN DASH} January 3, 2027"),
    ],
)
def test_the_month_comes_first_for_those_who_write_it_so(start: datetime.date, days: int, written: str) -> None:
    with formatting.dates_written("month-first"):
        assert formatting.date_range(start, days) == written
        assert (formatting.day(MONDAY), formatting.short_date(MONDAY)) == ("Monday, November 23", "Mon, Nov 23")
    assert formatting.day(MONDAY) == "Monday 23 November"


def test_a_number_stays_with_its_unit() -> None:
    """And with no other word."""
    text = "1 onion (110 g), ½ tsp salt and 2 eggs in 150 ml"
    assert formatting.unbroken(text) == "1 onion (110\xa0g), ½\xa0tsp salt and 2 eggs in 150\xa0ml"


def test_a_time_has_two_digits_each() -> None:
    """A time of day is hours and minutes with two digits each, without seconds."""
    assert formatting.clock(datetime.time(8, 5, 30)) == "08:05"


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05\xa0AM"), (8, "8:05\xa0AM"), (12, "12:05\xa0PM"), (19, "7:05\xa0PM")]
)
def test_twelve_hours_begin_at_twelve(hour: int, text: str) -> None:
    assert formatting.clock(datetime.time(hour, 5), "12h") == text


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "0 min"), (55, "55 min"), (60, "1 h"), (65, "1 h 5 min"), (130, "2 h 10 min")]
)
def test_long_durations_are_told_in_hours(minutes: int, written: str) -> None:
    """Minutes become hours from sixty on, and a part that is nought is left out."""
    assert formatting.duration(minutes).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_number_has_no_decimals_and_its_thousands_apart() -> None:
    """A number is rounded to a whole one, with commas between thousands."""
    assert formatting.number(1803.1) == "1,803"
    assert formatting.number(62.6) == "63"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "½"),
        (1.0, "1"),
        (1.25, "1¼"),
        (decimal.Decimal("1.75"), "1¾"),
        (2.6666667, "2⅔"),
        (0.333, "⅓"),
        (1.1, "1.1"),
        (0.999999, "1"),
        (10, "10"),
        (0.0, "0"),
    ],
)
def test_a_portion_uses_the_signs_of_fractions(value: float, written: str) -> None:
    """A quarter, a third and a half have signs of their own; other fractions are decimals."""
    assert formatting.portion(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.5, "½ serving"), (1.0, "1 serving"), (1.25, "1¼ servings"), (2.0, "2 servings")]
)
def test_more_than_one_serving_is_plural(value: float, written: str) -> None:
    """Up to one it is a serving, from there on servings."""
    assert formatting.servings(value).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_slug_reads_as_words() -> None:
    """Dashes and underscores become spaces and only the first letter is raised."""
    assert formatting.label("air-fryer") == "Air fryer"
    assert formatting.label("main_protein") == "Main protein"
    assert formatting.label("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain crème, 漢字, 👩\u200d🍳\n\tnext", "plain crème, 漢字, 👩\u200d🍳\n\tnext"),
        ("\u202eevil\u202c", "[U+202E]evil[U+202C]"),
        ("a\u2066b\u2069\u200f", "a[U+2066]b[U+2069][U+200F]"),
        ("\x1b[31mred\x07", "[U+001B][31mred[U+0007]"),
        ("hi\U000e0041", "hi[U+E0041]"),
    ],
)
def test_characters_that_cannot_be_seen_are_written_as_numbers(text: str, shown: str) -> None:
    assert formatting.visible(text) == shown


def test_they_can_be_taken_out() -> None:
    assert formatting.without_unseen("\u202eol\u200bives\x00") == "olives"


@pytest.mark.parametrize(
    "text",
    [
        *("", " \t\n", "\u00a0\u3000", "\u200b\u200c\u200d\u2060\ufeff", "\u00ad\u034f", "\u2800", "\u3164"),
        *("\u115f\u1160\uffa0", "\ufe0f\U000e0100", "\u202e\u2066", "\x00\x7f", " \u2800 \u200d "),
    ],
    ids=ascii,
)
def test_some_texts_show_nothing(text: str) -> None:
    assert formatting.what_shows(text) == ""
    assert formatting.what_shows(f"{text}क्ष{text}") == "क्ष"

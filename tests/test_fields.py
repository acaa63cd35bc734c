"""Fields read what people type, and nothing that a later step could not read."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError, fields

from mealplanner.fields import Choice, Decimal, Line, Time, Whole, Words, decimal, whole


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (1800, 1800),
        (1800.0, 1800),
        ("1800", 1800),
        (" 1800\n", 1800),
        ("1,800", 1800),
        ("1.800", 1800),
        ("1 800", 1800),
        ("1'800", 1800),
        ("1\N{RIGHT SINGLE QUOTATION MARK}800", 1800),
        ("1\N{NO-BREAK SPACE}800", 1800),
        ("1\N{NARROW NO-BREAK SPACE}800", 1800),
        ("1,234,567", 1_234_567),
        ("-1", -1),
        ("007", 7),
    ],
    ids=repr,
)
def test_whole_numbers_are_read_with_the_usual_separators(typed: object, number: int) -> None:
    assert whole(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "plenty",
            "1800 kcal",
            "1,80",
            "1,8000",
            "0,500",
            "0.100",
            "1800,000",
            "1,234.567",
            "1.8",
            "20.5",
            "20.0",
            ",800",
            "1,",
        ),
        *("1_800", "+1800", "1e3", "0x10", "\u0661\u0668\u0660\u0660", "\uff11\uff18", "\u00b2", "1" * 5000, "nan"),
        *(True, None, 20.5, float("inf"), float("nan"), 10**30, [1800], {"a": 1}),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_nothing_else_is_a_whole_number(typed: object) -> None:
    assert whole(typed) is None


@pytest.mark.parametrize(("typed", "number"), [("1.5", 1.5), ("1,5", 1.5), ("2", 2.0), (0.25, 0.25), (" 3.0 ", 3.0)])
def test_decimals_are_read_with_a_point_or_a_comma(typed: object, number: float) -> None:
    assert decimal(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "1,234.5", "1e1", "nan", "inf", "\u0661.\u0665", ".5", "1.", True, None, [1], 10**400]
)
def test_nothing_else_is_a_decimal(typed: object) -> None:
    assert decimal(typed) is None


@pytest.mark.parametrize(
    ("typed", "time"), [("08:00", "08:00"), ("8:00", "08:00"), (" 23:59 ", "23:59"), ("00:00", "00:00")]
)
def test_a_time_is_stored_in_one_spelling(typed: str, time: str) -> None:
    assert Time("Enter a time.").deserialize(typed) == time


@pytest.mark.parametrize(
    "typed", ["24:00", "08:60", "8", "0800", "08:00:00", "\u0660\u0668:\u0660\u0660", "", 800, None, ["08:00"]]
)
def test_nothing_else_is_a_time(typed: Any) -> None:
    with pytest.raises(ValidationError, match="Enter a time"):
        Time("Enter a time.").deserialize(typed)


@pytest.mark.parametrize("typed", [{}, [{}], [[]], [None], [1], ["a", {}], "a", 1, None, {"a": "b"}], ids=repr)
def test_a_list_of_words_holds_words_only(typed: Any) -> None:
    with pytest.raises(ValidationError, match="Send a list"):
        Words(fields.String(), "Send a list.").deserialize(typed)


def test_blanks_repeats_and_what_cannot_be_seen_go_from_a_list() -> None:
    typed = ["olives", " olives ", "", "  ", "\u202eolives", "red  onion", "\ufeff"]
    assert Words(fields.String(), "Send a list.").deserialize(typed) == ["olives", "red onion"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (Whole(1, 5, "From 1 to 5."), 6),
        (Whole(1, 5, "From 1 to 5."), "many"),
        (Decimal(1, 5, "From 1 to 5."), 0.5),
        (Decimal(1, 5, "From 1 to 5."), {}),
        (Choice(("1", "2"), "From 1 to 5."), "3"),
        (Choice(("1", "2"), "From 1 to 5."), []),
        (Choice(("1", "2"), "From 1 to 5."), None),
    ],
    ids=repr,
)
def test_the_message_says_what_was_expected(field: fields.Field[Any], typed: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        field.deserialize(typed)
    assert caught.value.messages == ["From 1 to 5."]


@pytest.mark.parametrize(
    ("typed", "line"), [(" Oat\n  milk ", "Oat milk"), ("क्\u200dष", "क्\u200dष"), ("🏳️\u200d🌈", "🏳️\u200d🌈")]
)
def test_a_line_is_tidied_and_keeps_what_words_are_made_of(typed: str, line: str) -> None:
    assert Line(20, "Say what it is.").deserialize(typed) == line


@pytest.mark.parametrize("typed", ["", " ", "\u200b\u200d", "\u2800", "\u3164", "x" * 21, None, 5, []], ids=ascii)
def test_a_line_that_shows_nothing_is_none(typed: object) -> None:
    with pytest.raises(ValidationError, match="Say what it is"):
        Line(20, "Say what it is.").deserialize(typed)

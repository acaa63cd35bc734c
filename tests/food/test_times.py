"""Times in the words of recipes."""

from __future__ import annotations

import pytest

from mealplanner.food.times import times


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20 minutes", 1200),
        ("twenty-five minutes", 1500),
        ("nineteen minutes", 1140),
        ("seventy-five minutes", 4500),
        ("eighty minutes", 4800),
        ("8 to 10 minutes", 480),
        ("two or three minutes", 120),
        ("1½ hours", 5400),
        ("an hour and a half", 5400),
        ("1 hour and 10 minutes", 4200),
        ("an hour and a quarter", 4500),
        ("2 and a quarter hours", 8100),
        ("half an hour", 1800),
        ("a quarter of an hour", 900),
        ("three quarters of an hour", 2700),
        ("30 secs", 30),
    ],
)
def test_a_time_is_read_with_its_place(text: str, seconds: int) -> None:
    sentence = f"Bake it for {text}, in a second tin."
    (found,) = times(sentence)
    assert (sentence[found.start : found.end], found.seconds) == (text, seconds)

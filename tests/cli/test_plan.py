"""`mealplanner plan`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from mealplanner.cli.main import main


def plan(*options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["plan", *options])


def test_it_shows_each_day_and_its_numbers_beside_the_target() -> None:
    """No line is longer than 120 columns."""
    text = plan("--days", "2", "--diet", "vegan").output
    assert text.startswith("Target a day: 2,000 kcal, 100 g protein, 250 g carbohydrate, 67 g fat")
    for words in ("Day 1", "Day 2", "breakfast", "lunch", "dinner", "snack", "off by"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 120


def test_numbers_are_read_as_the_pages_read_them() -> None:
    assert plan("--days", "1", "--calories", "1,800").output == plan("--days", "1", "--calories", "1800").output


def test_json_repeats_exactly_with_its_seed() -> None:
    one, again, other = (plan("--days", "2", "--json", "--seed", seed).output for seed in ("3", "3", "4"))
    assert json.loads(one) == json.loads(again)
    assert json.loads(one) != json.loads(other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--protein", "50"], "must add up to 100"),
        (["--diet", "air"], "is not one of"),
        (["--days", "29"], "is not in the range"),
        (["--calories", "100"], "is not in the range"),
        (["--calories", "1.8"], "'1.8' is not a whole number"),
    ],
)
def test_a_wrong_option_is_explained(options: list[str], message: str) -> None:
    answer = plan(*options)
    assert answer.exit_code == 2
    assert message in answer.output


def test_what_cannot_be_planned_is_explained() -> None:
    """The message says which kind of dish is missing, and what to relax."""
    allergens = ["soy", "gluten", "wheat", "tree-nuts", "peanuts", "sesame", "celery", "mustard", "sulphites", "lupin"]
    restrictions = [word for allergen in allergens for word in ("--restriction", allergen)]
    dislikes = [word for food in ("oil", "salt", "fruit", "vegetables", "beans") for word in ("--dislike", food)]
    answer = plan("--diet", "vegan", *restrictions, *dislikes, "--days", "1")
    assert "Without the" in answer.output

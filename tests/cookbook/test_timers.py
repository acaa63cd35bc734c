"""The times to wait in a step."""

from __future__ import annotations

import re

import pytest

from mealplanner.cookbook.timers import Timer, pieces
from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.recipes.assembly import catalogue_row, recipe_value

STEPS = [
    step
    for recipe in load_catalogue().recipes
    for step in recipe_value(catalogue_row(recipe_id(recipe), recipe, rating=0), servings=3).steps
]


def timers(step: str) -> list[Timer]:
    """Return the timers of a step."""
    return [piece.timer for piece in pieces(step) if piece.timer is not None]


@pytest.mark.parametrize(
    ("step", "seconds", "label"),
    [
        ("Simmer the lentils in water for 20 minutes, until they fall apart.", 1200, "Simmer the lentils"),
        ("Fry them for five minutes.", 300, "Fry them"),
        ("Bake for 8 to 10 minutes.", 480, "Bake"),
        ("Bake it for 8\N{EN DASH}10 minutes.", 480, "Bake it"),
        ("Let it stand for a minute.", 60, "Let it stand"),
        ("Cook on high for 3 hours and 30 minutes, then stir.", 12600, "Cook"),
        ("Chill for an hour.", 3600, "Chill"),
        ("Toast for half a minute.", 30, "Toast"),
        ("Roast for three quarters of an hour.", 2700, "Roast"),
        ("Rest the dough for an hour and a half.", 5400, "Rest the dough"),
        ("Leave it for 1 1/2 hours.", 5400, "Leave it"),
        ("Simmer it for 2½ hours.", 9000, "Simmer it"),
        ("Stir it every 5 minutes for 30 minutes.", 1800, "Stir it"),
        ("Microwave in bursts of 20 seconds.", 20, "Microwave"),
        ("Boil the eggs for twenty-five minutes.", 1500, "Boil the eggs"),
        ("Over medium heat for 3 minutes.", 180, ""),
    ],
)
def test_a_time_to_wait_is_a_timer(step: str, seconds: int, label: str) -> None:
    """In figures or words, for the least of a range, with what is done meanwhile."""
    assert timers(step) == [Timer(seconds, label)]


@pytest.mark.parametrize(
    "step",
    [
        "Soak the beans overnight in plenty of water.",
        "Warm the oil in a second pan.",
        "Leave for a few minutes.",
        "Add the peas for the last 2 minutes.",
        "Cook it until it is 1 minute short of done.",
        "Keep it hot, turning it every 5 minutes.",
        "Fold it over and make a second one.",
        "Roll it out to 3 mm and cut it into 8 pieces.",
    ],
)
def test_what_no_clock_can_keep_is_no_timer(step: str) -> None:
    assert timers(step) == []


def test_a_step_has_as_many_timers_as_times() -> None:
    """Each with its own place in the words."""
    cut = pieces("Fry for 4 minutes, add the tomatoes and simmer for 8 minutes until thick.")
    assert [piece.text for piece in cut if piece.timer] == ["4 minutes", "8 minutes"]
    assert cut[-1].text == " until thick."


def test_no_step_of_the_catalogue_loses_a_word() -> None:
    assert ["".join(piece.text for piece in pieces(step)) for step in STEPS] == STEPS


def test_every_time_of_the_catalogue_is_a_timer_or_left_alone_for_a_reason() -> None:
    """All others are plausible: from ten seconds to six hours."""
    excuses = re.compile(
        r"\b(?:the last (?:half |\d+ )?(?:seconds|minutes?|hour)|(?:a|every) few (?:seconds|minutes)|(?:a|the) second\b"
        r"|1 minute short of)"
    )
    unread = [
        piece.text
        for step in STEPS
        for piece in pieces(step)
        if piece.timer is None and re.search(r"\b(?:seconds?|minutes?|hours?)\b", excuses.sub("", piece.text))
    ]
    assert unread == []
    found = [timer for step in STEPS for timer in timers(step)]
    assert len(found) > 1500
    assert all(10 <= timer.seconds <= 6 * 3600 for timer in found)
    assert sum(not timer.label for timer in found) < len(found) / 20
    assert max(len(timer.label) for timer in found) <= 40

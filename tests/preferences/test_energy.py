"""How much energy a person needs, and for whom it is not worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mealplanner.errors import Invalid
from mealplanner.preferences.energy import EXPECTING, TOO_LIGHT, TOO_YOUNG, Body, estimate
from mealplanner.preferences.measures import height_cm, weight_kg

EVA = Body(age=30, sex="female", height=168, weight=65, activity="moderate", goal="keep")


@pytest.mark.parametrize(
    ("change", "resting", "day", "kcal"),
    [
        ({}, 1389, 2222, 2200),
        ({"sex": "male"}, 1555, 2488, 2500),
        ({"sex": "between"}, 1472, 2355, 2350),
        ({"activity": "low"}, 1389, 1945, 1950),
        ({"activity": "very-active"}, 1389, 2778, 2800),
        ({"goal": "lose"}, 1389, 2222, 1800),
        ({"goal": "gain"}, 1389, 2222, 2500),
        ({"age": 60}, 1239, 1982, 2000),
    ],
    ids=str,
)
def test_the_equation_gives_what_a_calculator_gives(change: dict[str, Any], resting: int, day: int, kcal: int) -> None:
    """10 kg + 6.25 cm - 5 years, plus 5 or minus 161, times the level of activity."""
    found = estimate(replace(EVA, **change))
    assert (found.resting, found.day, found.kcal) == (resting, day, kcal)


def test_losing_weight_takes_at_most_a_fifth_and_stops_at_a_safe_amount() -> None:
    large = estimate(replace(EVA, sex="male", weight=110, goal="lose"))
    assert large.day - large.kcal == pytest.approx(500, abs=25)
    small = estimate(replace(EVA, age=60, height=160, weight=50, activity="low", goal="lose"))
    assert small.kcal == 1200
    assert any("We stopped at 1,200 kcal" in note for note in small.notes)


def test_a_person_who_needs_less_than_the_safe_amount_is_not_told_to_eat_more() -> None:
    tiny = replace(EVA, age=85, height=150, weight=45, activity="low", goal="lose")
    assert estimate(tiny).kcal == estimate(replace(tiny, goal="keep")).kcal < 1200


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"age": 17}, "age", TOO_YOUNG),
        ({"expecting": True}, "expecting", EXPECTING),
        ({"weight": 50, "goal": "lose"}, "goal", TOO_LIGHT),
    ],
)
def test_it_refuses_where_it_does_not_hold_or_would_do_harm(change: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        estimate(replace(EVA, **change))
    assert refused.value.errors == {field: [message]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight": 50}, "low for your height"),
        ({"age": 90}, "rough guide"),
        ({"weight": 130}, "rough guide"),
        ({"sex": "male", "weight": 250, "height": 220, "activity": "very-active"}, "more than the 6,000 kcal"),
    ],
    ids=str,
)
def test_it_says_what_to_keep_in_mind(change: dict[str, Any], words: str) -> None:
    assert any(words in note for note in estimate(replace(EVA, **change)).notes)
    assert estimate(EVA).notes == ()


@pytest.mark.parametrize("age", [18, 50, 120])
@pytest.mark.parametrize("goal", ["lose", "keep", "gain"])
@pytest.mark.parametrize("sex", ["female", "male", "between"])
@pytest.mark.parametrize(("height", "weight"), [(120, 35), (120, 250), (230, 98), (230, 250)])
def test_what_it_suggests_can_always_be_planned(sex: str, goal: str, age: int, height: float, weight: float) -> None:
    body = Body(age=age, sex=sex, height=height, weight=weight, activity="low", goal=goal)
    assert 800 <= estimate(body).kcal <= 6000


@pytest.mark.parametrize(
    ("typed", "units", "cm"),
    [
        ("172", "metric", 172), ("172 cm", "imperial", 172), ("1.72", "metric", 172), ("1,72 m", "metric", 172),
        ("5 ft 8", "metric", 172.72), ("5'8\"", "imperial", 172.72), ("5 ft", "imperial", 152.4),
        ("68", "imperial", 172.72), ("68 inches", "metric", 172.72), ("5\u2019 8\u201d", "imperial", 172.72),
        ("tall", "metric", None), ("", "metric", None), ("172 kg", "metric", None), ("\u0661\u0667", "metric", None),
    ],
)  # fmt: skip
def test_heights_are_read_as_people_type_them(typed: str, units: Any, cm: float | None) -> None:
    assert height_cm(typed, units) == (None if cm is None else pytest.approx(cm))


@pytest.mark.parametrize(
    ("typed", "units", "kg"),
    [
        ("70", "metric", 70), ("70 kg", "imperial", 70), ("154", "imperial", 69.853), ("154 lb", "metric", 69.853),
        ("11 st", "metric", 69.853), ("11 st 2 lb", "metric", 70.760), ("70,5", "metric", 70.5),
        ("heavy", "metric", None),
    ],
)  # fmt: skip
def test_weights_are_read_as_people_type_them(typed: str, units: Any, kg: float | None) -> None:
    assert weight_kg(typed, units) == (None if kg is None else pytest.approx(kg, abs=0.001))

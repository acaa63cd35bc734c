"""From preferences to targets, slots and minutes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Nutrients
from mealplanner.planner.targets import daily_target, day_slots, minutes_per_meal

THREE_MEALS = {"breakfast": "08:00", "lunch": "12:30", "dinner": "19:00"}


def test_percentages_become_grams() -> None:
    """A gram of protein or carbohydrate gives 4 kcal, one of fat 9."""
    assert daily_target(1800, 20, 55, 25) == Nutrients(1800, 90.0, 247.5, 50.0)


def test_grams_give_back_the_energy() -> None:
    """The three macros together hold exactly the energy that was asked for."""
    target = daily_target(2130, 31, 42, 27)
    assert 4 * target.protein_g + 4 * target.carbohydrate_g + 9 * target.fat_g == pytest.approx(2130)


@pytest.mark.parametrize("percents", [(20, 50, 20), (50, 60, -10), (0, 0, 0)])
def test_percentages_sum_to_100(percents: tuple[float, float, float]) -> None:
    """Percentages that do not sum to 100, or are negative, are refused."""
    with pytest.raises(ValueError, match="sum to 100"):
        daily_target(2000, *percents)


def test_energy_is_positive() -> None:
    """No energy at all is no target."""
    with pytest.raises(ValueError, match="positive"):
        daily_target(0, 20, 50, 30)


def test_slots_follow_the_clock() -> None:
    """Slots come in the order in which they are eaten, whatever the order of the preferences."""
    slots = day_slots({"dinner": "18:00", "breakfast": "07:15", "lunch": "12:00"}, 0)
    assert [(slot.name, slot.time) for slot in slots] == [
        ("breakfast", "07:15"),
        ("lunch", "12:00"),
        ("dinner", "18:00"),
    ]


def test_lunch_and_dinner_are_mains() -> None:
    """Each slot asks for the kind of recipe that people eat then."""
    kinds = {slot.name: slot.kind for slot in day_slots(THREE_MEALS, 1)}
    assert kinds == {"breakfast": BREAKFAST, "lunch": MAIN, "dinner": MAIN, "snack": SNACK}


@pytest.mark.parametrize("snacks", range(5))
@pytest.mark.parametrize("meals", [THREE_MEALS, {"dinner": "19:00"}, {"breakfast": "06:30", "dinner": "23:30"}])
def test_shares_sum_to_one(meals: dict[str, str], snacks: int) -> None:
    """However many meals and snacks there are, they share the whole day's energy."""
    slots = day_slots(meals, snacks)
    assert len(slots) == len(meals) + snacks
    assert sum(slot.share for slot in slots) == pytest.approx(1)


def test_usual_shares() -> None:
    """Without snacks a quarter is for breakfast, 35 % for lunch and 40 % for dinner."""
    assert [slot.share for slot in day_slots(THREE_MEALS, 0)] == pytest.approx([0.25, 0.35, 0.40])


@pytest.mark.parametrize(
    ("snacks", "times"),
    [
        (1, ["15:45"]),
        (2, ["10:15", "15:45"]),
        (4, ["10:15", "14:45", "16:45", "20:30"]),
    ],
)
def test_snacks_fall_into_the_widest_gaps(snacks: int, times: list[str]) -> None:
    """A snack stands where people would wait longest for food."""
    assert [slot.time for slot in day_slots(THREE_MEALS, snacks) if slot.kind == SNACK] == times


@pytest.mark.parametrize("snacks", range(5))
@pytest.mark.parametrize("meals", [THREE_MEALS, {"lunch": "13:00"}, {"dinner": "23:50"}, {}])
def test_no_two_slots_share_a_time(meals: dict[str, str], snacks: int) -> None:
    """Each slot has a time of its own, in rising order."""
    if not meals and not snacks:
        return
    times = [slot.time for slot in day_slots(meals, snacks)]
    assert all(first < second for first, second in pairwise(times))


@pytest.mark.parametrize(
    ("meals", "snacks", "expected"),
    [
        ({"brunch": "10:00"}, 0, "brunch"),
        ({"lunch": "25:00"}, 0, "HH:MM"),
        ({"lunch": "noon"}, 0, "HH:MM"),
        (THREE_MEALS, 5, "0 to 4 snacks"),
        (THREE_MEALS, -1, "0 to 4 snacks"),
        ({}, 0, "at least one meal"),
    ],
)
def test_nonsense_days_are_refused(meals: dict[str, str], snacks: int, expected: str) -> None:
    """A day that cannot be laid out is refused, and the error says what was expected."""
    with pytest.raises(ValueError, match=expected):
        day_slots(meals, snacks)


def test_minutes_rise_with_the_complexity() -> None:
    """Who accepts more complexity gets at least as many minutes: 15, 45 and 120 at the ends and the middle."""
    minutes = [minutes_per_meal(complexity) for complexity in range(101)]
    assert minutes == sorted(minutes)
    assert (minutes[0], minutes[50], minutes[100]) == (15, 45, 120)


@pytest.mark.parametrize("complexity", [-1, 101])
def test_complexity_has_ends(complexity: int) -> None:
    """Outside 0-100 a complexity means nothing."""
    with pytest.raises(ValueError, match="0 to 100"):
        minutes_per_meal(complexity)

"""How pages write and draw what they are given."""

from __future__ import annotations

import datetime
import decimal
from dataclasses import dataclass

import pytest
from flask import Flask, render_template_string

from mealplanner.recipes.values import Numbers
from mealplanner.web import filters

TARGET = Numbers(kcal=2000.0, protein_g=100.0, carbohydrate_g=250.0, fat_g=66.0)
MONDAY = datetime.date(2026, 11, 23)


@dataclass(frozen=True)
class Dish:
    """A meal, as far as its numbers go."""

    numbers: Numbers


def dish(kcal: float) -> Dish:
    return Dish(Numbers(kcal=kcal, protein_g=1.0, carbohydrate_g=1.0, fat_g=1.0))


def test_a_day_is_written_with_its_weekday() -> None:
    """A day is its weekday, its number and its month, in full or in short."""
    assert filters.day(MONDAY) == "Monday 23 November"
    assert filters.short_date(MONDAY) == "Mon 23 Nov"
    assert filters.weekday(MONDAY) == "Mon"


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
    assert filters.date_range(start, days) == written


def test_a_time_has_two_digits_each() -> None:
    """A time of day is hours and minutes with two digits each, without seconds."""
    assert filters.clock(datetime.time(8, 5, 30)) == "08:05"


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "0 min"), (55, "55 min"), (60, "1 h"), (65, "1 h 5 min"), (130, "2 h 10 min")]
)
def test_long_durations_are_told_in_hours(minutes: int, written: str) -> None:
    """Minutes become hours from sixty on, and a part that is nought is left out."""
    assert filters.duration(minutes).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_number_has_no_decimals_and_its_thousands_apart() -> None:
    """A number is rounded to a whole one, with commas between thousands."""
    assert filters.number(1803.1) == "1,803"
    assert filters.number(62.6) == "63"


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
    assert filters.portion(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.5, "½ serving"), (1.0, "1 serving"), (1.25, "1¼ servings"), (2.0, "2 servings")]
)
def test_more_than_one_serving_is_plural(value: float, written: str) -> None:
    """Up to one it is a serving, from there on servings."""
    assert filters.servings(value).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_slug_reads_as_words() -> None:
    """Dashes and underscores become spaces and only the first letter is raised."""
    assert filters.label("air-fryer") == "Air fryer"
    assert filters.label("main_protein") == "Main protein"
    assert filters.label("") == ""


@pytest.mark.parametrize(
    ("kcal", "words"),
    [
        (2000.0, "on target"),
        (2100.0, "on target"),
        (1900.0, "on target"),
        (2120.0, "6 % over"),
        (1600.0, "20 % under"),
    ],
)
def test_a_measure_is_on_target_within_the_tolerance(kcal: float, words: str) -> None:
    """Five percent to either side is on target; beyond, the verdict says how far and which way."""
    energy = filters.measures(Numbers(kcal, 100.0, 250.0, 66.0), TARGET)[0]
    assert energy.words.replace("\N{NO-BREAK SPACE}", " ") == words


def test_measures_are_energy_and_the_macros_in_order() -> None:
    """Each figure is measured against the target of the same name."""
    measured = filters.measures(Numbers(1.0, 2.0, 3.0, 4.0), TARGET)
    assert [(m.hue, m.unit, m.actual, m.target) for m in measured] == [
        ("energy", "kcal", 1.0, 2000.0),
        ("protein", "g", 2.0, 100.0),
        ("carbohydrate", "g", 3.0, 250.0),
        ("fat", "g", 4.0, 66.0),
    ]


def test_a_full_target_fills_the_bar_up_to_the_tick() -> None:
    """The filled part of a bar ends at the tick when the target is met, and at the end when far exceeded."""
    scale = filters.Scale()
    assert filters.Measure("Fat", "g", 66.0, 66.0).fill == pytest.approx(scale.target)
    assert filters.Measure("Fat", "g", 66.0 * 1.05, 66.0).fill == pytest.approx(scale.high)
    assert filters.Measure("Fat", "g", 66.0 * 0.95, 66.0).fill == pytest.approx(scale.low)
    assert filters.Measure("Fat", "g", 500.0, 66.0).fill == 100.0


def test_a_target_of_nothing_is_met_by_nothing() -> None:
    """Where nothing was wanted, nothing is on target and anything is over; neither divides by zero."""
    assert filters.Measure("Fat", "g", 0.0, 0.0).words == "on target"
    assert filters.Measure("Fat", "g", 3.0, 0.0).words == "over"
    assert filters.Measure("Fat", "g", 3.0, 0.0).fill == 100.0


def test_energy_shares_weigh_grams_by_their_energy() -> None:
    """Fat counts 9 kcal a gram, protein and carbohydrate 4, and the shares lie end to end."""
    shares = filters.energy_shares(Numbers(kcal=1.0, protein_g=25.0, carbohydrate_g=50.0, fat_g=100 / 9))
    assert [share.name for share in shares] == ["Protein", "Carbohydrate", "Fat"]
    assert [share.percent for share in shares] == pytest.approx([25.0, 50.0, 25.0])
    assert [share.start for share in shares] == pytest.approx([0.0, 25.0, 75.0])


def test_no_macros_have_no_shares_of_energy() -> None:
    """Water has nothing to draw."""
    assert [share.percent for share in filters.energy_shares(Numbers(0.0, 0.0, 0.0, 0.0))] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("typed", "percents"),
    [
        (("20", "50", 30), [20.0, 50.0, 30.0]),
        (("20", "", None), [20.0, 0.0, 0.0]),
        (("many", "nan", "inf"), [0.0, 0.0, 0.0]),
        (("-5", "50", "50"), [0.0, 50.0, 50.0]),
        (("100", "50", "50"), [50.0, 25.0, 25.0]),
    ],
)
def test_typed_macros_can_be_drawn_whatever_was_typed(typed: tuple[object, ...], percents: list[float]) -> None:
    """What is no number draws nothing, and a sum beyond 100 is squeezed into the bar."""
    assert [share.percent for share in filters.typed_shares(typed)] == pytest.approx(percents)


def test_each_meal_knows_the_energy_eaten_before_it() -> None:
    """The first meal starts at nought, every other where the one before it ended."""
    meals = (dish(400.0), dish(600.0), dish(200.0))
    assert filters.running(meals) == ((meals[0], 0.0), (meals[1], 400.0), (meals[2], 1000.0))


def test_templates_of_an_application_can_use_them() -> None:
    """A registered application finds the filters by the names of the functions."""
    app = Flask(__name__)
    filters.register(app)
    with app.test_request_context():
        assert render_template_string("{{ day|day }}, {{ 1.25|portion }}", day=MONDAY) == "Monday 23 November, 1¼"
        assert render_template_string("{{ scale.target }}") == "80.0"

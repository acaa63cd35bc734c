"""How numbers are drawn."""

from __future__ import annotations

import pytest

from mealplanner.presentation import charts
from mealplanner.recipes.values import Numbers

TARGET = Numbers(kcal=2000.0, protein_g=100.0, carbohydrate_g=250.0, fat_g=66.0)


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
    energy = charts.measures(Numbers(kcal, 100.0, 250.0, 66.0), TARGET)[0]
    assert energy.words.replace("\N{NO-BREAK SPACE}", " ") == words


def test_measures_are_energy_and_the_macros_in_order() -> None:
    """Each figure is measured against the target of the same name."""
    measured = charts.measures(Numbers(1.0, 2.0, 3.0, 4.0), TARGET)
    assert [(m.hue, m.unit, m.actual, m.target) for m in measured] == [
        ("energy", "kcal", 1.0, 2000.0),
        ("protein", "g", 2.0, 100.0),
        ("carbohydrate", "g", 3.0, 250.0),
        ("fat", "g", 4.0, 66.0),
    ]


def test_a_full_target_fills_the_bar_up_to_the_tick() -> None:
    """The filled part of a bar ends at the tick when the target is met, and at the end when far exceeded."""
    scale = charts.Scale()
    assert charts.measure("Fat", "g", 66.0, 66.0).fill == pytest.approx(scale.target)
    assert charts.measure("Fat", "g", 66.0 * 1.05, 66.0).fill == pytest.approx(scale.high)
    assert charts.measure("Fat", "g", 66.0 * 0.95, 66.0).fill == pytest.approx(scale.low)
    assert charts.measure("Fat", "g", 500.0, 66.0).fill == 100.0


def test_what_is_longer_than_its_bar_is_marked() -> None:
    assert [charts.measure("Fat", "g", actual, 66.0).beyond for actual in (66.0, 1.25 * 66, 83.0)] == [
        False,
        False,
        True,
    ]


def test_a_target_of_nothing_is_met_by_nothing() -> None:
    """Where nothing was wanted, nothing is on target and anything is over; neither divides by zero."""
    assert charts.measure("Fat", "g", 0.0, 0.0).words == "on target"
    assert charts.measure("Fat", "g", 3.0, 0.0).words == "over"
    assert charts.measure("Fat", "g", 3.0, 0.0).fill == 100.0


def test_energy_shares_weigh_grams_by_their_energy() -> None:
    """Fat counts 9 kcal a gram, protein and carbohydrate 4, and the shares lie end to end."""
    shares = charts.energy_shares(Numbers(kcal=1.0, protein_g=25.0, carbohydrate_g=50.0, fat_g=100 / 9))
    assert [share.name for share in shares] == ["Protein", "Carbohydrate", "Fat"]
    assert [share.percent for share in shares] == pytest.approx([25.0, 50.0, 25.0])
    assert [share.start for share in shares] == pytest.approx([0.0, 25.0, 75.0])


def test_no_macros_have_no_shares_of_energy() -> None:
    """Water has nothing to draw."""
    assert [share.percent for share in charts.energy_shares(Numbers(0.0, 0.0, 0.0, 0.0))] == [0.0, 0.0, 0.0]


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
    """A field that is not a number draws nothing, and a sum beyond 100 is scaled down to the bar."""
    assert [share.percent for share in charts.typed_shares(typed)] == pytest.approx(percents)

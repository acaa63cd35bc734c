"""Each food of the table says what its entry of USDA FoodData Central says."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from mealplanner.food.table import load_foods

REFERENCE: Final = Path(__file__).parents[3] / "shared" / "usda" / "sr_legacy.tsv.gz"

pytestmark = pytest.mark.skipif(
    not REFERENCE.exists(), reason="needs the USDA reference, shared/usda/sr_legacy.tsv.gz beside the repository"
)


@pytest.fixture(scope="module")
def entries() -> Mapping[int, Mapping[str, str]]:
    with gzip.open(REFERENCE, "rt", encoding="utf-8") as lines:
        return {int(entry["fdc_id"]): entry for entry in csv.DictReader(lines, delimiter="\t")}


@pytest.mark.parametrize(
    ("figure", "column"),
    [("kcal", "kcal"), ("protein_g", "protein_g"), ("carbohydrate_g", "carbohydrate_g"), ("fat_g", "fat_g")],
)
def test_energy_and_macros_are_those_of_the_entry(
    entries: Mapping[int, Mapping[str, str]], figure: str, column: str
) -> None:
    """The figures are copied, not typed."""
    found = {food.id: getattr(food.per_100g, figure) for food in load_foods().values()}
    assert found == {food.id: float(entries[food.fdc_id][column]) for food in load_foods().values()}


def test_salt_is_two_and_a_half_times_the_sodium(entries: Mapping[int, Mapping[str, str]]) -> None:
    """Sodium is given in milligrams, salt in grams."""
    for food in load_foods().values():
        assert food.salt_g == pytest.approx(float(entries[food.fdc_id]["sodium_mg"]) * 2.5 / 1000, abs=0.0006), food.id


@pytest.mark.parametrize("column", ["fibre_g", "sugars_g"])
def test_fibre_and_sugars_are_known_where_the_entry_knows_them(
    entries: Mapping[int, Mapping[str, str]], column: str
) -> None:
    """What the entry lacks is unknown, except in a food without carbohydrate, which has none of either."""
    for food in load_foods().values():
        given = entries[food.fdc_id][column] or ("0" if food.per_100g.carbohydrate_g == 0 else "nan")
        found = getattr(food, column)
        assert found == pytest.approx(float(given), nan_ok=True), food.id

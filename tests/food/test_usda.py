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
COMPOSITION: Final = REFERENCE.parents[1] / "composition"

DERIVED_ZEROS: Final[Mapping[str, tuple[str, str]]] = {
    "avocado-oil": ("sugars_g", "ciqual_2025: Avocado oil"),
    "ham-lean": ("sugars_g", "cofid_2021: 19-020"),
    "lamb-leg": ("sugars_g", "cofid_2021: 18-475"),
    "lamb-stewing": ("sugars_g", "cofid_2021: 18-182"),
    "monkfish": ("sugars_g", "bls_4: T070100"),
    "pollock": ("fibre_g sugars_g", "bls_4: T213100"),
    "prawns": ("fibre_g sugars_g", "bls_4: T753100"),
    "rabbit": ("sugars_g", "bls_4: V132100"),
    "salmon-wild": ("sugars_g", "ciqual_2025: Salmon, wild, raw"),
}
"""Food -> figures that its USDA entry leaves blank and that are 0 all the same, and the entry of another table (ANSES
Ciqual 2025 by name, CoFID 2021 and BLS 4.0 by code) that agrees."""

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


@pytest.mark.parametrize("figure", ["fibre_g", "sugars_g"])
def test_fibre_and_sugars_are_those_of_the_entry_or_unknown(
    entries: Mapping[int, Mapping[str, str]], figure: str
) -> None:
    """What the entry lacks is unknown, but for `DERIVED_ZEROS`."""
    for food in load_foods().values():
        given = entries[food.fdc_id][figure] or ("0" if figure in DERIVED_ZEROS.get(food.id, ("", ""))[0] else "nan")
        assert getattr(food, figure) == pytest.approx(float(given), nan_ok=True), food.id


def test_a_derived_zero_is_part_of_no_carbohydrate(entries: Mapping[int, Mapping[str, str]]) -> None:
    """The entry gives 0 g of carbohydrate, of which fibre and sugars are parts."""
    for food_id, (figures, _) in DERIVED_ZEROS.items():
        entry = entries[load_foods()[food_id].fdc_id]
        assert float(entry["carbohydrate_g"]) == 0, food_id
        assert {entry[figure] for figure in figures.split()} == {""}, food_id


@pytest.mark.parametrize(("food_id", "source"), [(food_id, source) for food_id, (_, source) in DERIVED_ZEROS.items()])
def test_a_derived_zero_has_a_second_source(food_id: str, source: str) -> None:
    """Another table of food composition finds neither carbohydrate nor fibre in that food."""
    table, _, entry = source.partition(": ")
    with gzip.open(COMPOSITION / f"{table}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    (row,) = (row for row in rows if entry in {row["code"], row["name"]})
    assert (float(row["available_carbohydrate_g"]), float(row["fibre_g"])) == (0, 0), food_id

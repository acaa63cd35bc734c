"""Each food of the table says what the entry of its source says."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from mealplanner.food.sources import TABLES, cite
from mealplanner.food.table import load_foods
from mealplanner.planner.model import Food

SHARED: Final = Path(__file__).parents[3] / "shared"
USDA: Final = SHARED / "usda" / "sr_legacy.tsv.gz"
TABLE_FILES: Final = {
    "ciqual": ("ciqual_2025.tsv.gz", "name"),
    "cofid": ("cofid_2021.tsv.gz", "code"),
    "bls": ("bls_4.tsv.gz", "code"),
}
"""Table -> its file, and the column that its entries are named by."""

DERIVED_ZEROS: Final[Mapping[str, tuple[str, str]]] = {
    "avocado-oil": ("sugars_g", "ciqual Avocado oil"),
    "ham-lean": ("sugars_g", "cofid 19-020"),
    "lamb-leg": ("sugars_g", "cofid 18-475"),
    "lamb-stewing": ("sugars_g", "cofid 18-182"),
    "monkfish": ("sugars_g", "bls T070100"),
    "pollock": ("fibre_g sugars_g", "bls T213100"),
    "prawns": ("fibre_g sugars_g", "bls T753100"),
    "rabbit": ("sugars_g", "bls V132100"),
    "salmon-wild": ("sugars_g", "ciqual Salmon, wild, raw"),
}
"""Food -> figures that its USDA entry leaves blank and that are 0 all the same, and the entry of another table that
agrees."""

needs_usda = pytest.mark.skipif(
    not USDA.exists(), reason="needs the USDA reference, shared/usda/sr_legacy.tsv.gz beside the repository"
)
needs_others = pytest.mark.skipif(
    not (SHARED / "composition").exists(), reason="needs the European tables, shared/composition beside the repository"
)


@cache
def usda() -> Mapping[str, Mapping[str, str]]:
    with gzip.open(USDA, "rt", encoding="utf-8") as lines:
        return {f"fdc {entry['fdc_id']}": entry for entry in csv.DictReader(lines, delimiter="\t")}


@cache
def others() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for table, (name, column) in TABLE_FILES.items():
        with gzip.open(SHARED / "composition" / name, "rt", encoding="utf-8", newline="") as lines:
            found |= {f"{table} {entry[column]}": entry for entry in csv.DictReader(lines, delimiter="\t")}
    return found


def from_usda() -> list[Food]:
    return [food for food in load_foods().values() if food.source.startswith("fdc ")]


def from_others() -> list[Food]:
    return [food for food in load_foods().values() if not food.source.startswith("fdc ")]


@needs_usda
@pytest.mark.parametrize("figure", ["kcal", "protein_g", "carbohydrate_g", "fat_g"])
def test_energy_and_macros_are_those_of_the_entry(figure: str) -> None:
    """The figures are copied, not typed."""
    found = {food.id: getattr(food.per_100g, figure) for food in from_usda()}
    assert found == {food.id: float(usda()[food.source][figure]) for food in from_usda()}


@needs_usda
def test_salt_is_two_and_a_half_times_the_sodium() -> None:
    """Sodium is given in milligrams, salt in grams."""
    for food in from_usda():
        assert food.salt_g == pytest.approx(float(usda()[food.source]["sodium_mg"]) * 2.5 / 1000, abs=0.0006), food.id


@needs_usda
@pytest.mark.parametrize(
    ("figure", "column"), [("saturates_g", "saturated_fat_g"), ("fibre_g", "fibre_g"), ("sugars_g", "sugars_g")]
)
def test_parts_of_macros_are_those_of_the_entry_or_unknown(figure: str, column: str) -> None:
    """What the entry lacks is unknown, but for `DERIVED_ZEROS`."""
    for food in from_usda():
        given = usda()[food.source][column] or ("0" if figure in DERIVED_ZEROS.get(food.id, ("", ""))[0] else "nan")
        assert getattr(food, figure) == pytest.approx(float(given), nan_ok=True, abs=0.0051), food.id


@needs_usda
def test_a_derived_zero_is_part_of_no_carbohydrate() -> None:
    """The entry gives 0 g of carbohydrate, of which fibre and sugars are parts."""
    for food_id, (figures, _) in DERIVED_ZEROS.items():
        entry = usda()[load_foods()[food_id].source]
        assert float(entry["carbohydrate_g"]) == 0, food_id
        assert {entry[figure] for figure in figures.split()} == {""}, food_id


@needs_others
@pytest.mark.parametrize(("food_id", "source"), [(food_id, source) for food_id, (_, source) in DERIVED_ZEROS.items()])
def test_a_derived_zero_has_a_second_source(food_id: str, source: str) -> None:
    """Another table of food composition finds neither carbohydrate nor fibre in that food."""
    entry = others()[source]
    assert (float(entry["available_carbohydrate_g"]), float(entry["fibre_g"])) == (0, 0), food_id


@needs_others
def test_figures_of_the_european_tables_are_those_of_the_entry() -> None:
    """Their carbohydrate has no fibre in it; here, as in the American table, it has."""
    for food in from_others():
        entry, per = others()[food.source], food.per_100g
        given = {name: float(entry[name] or "nan") for name in ("kcal", "protein_g", "fat_g", "fibre_g")}
        assert (per.kcal, per.protein_g, per.fat_g) == pytest.approx(
            (given["kcal"], given["protein_g"], given["fat_g"]), abs=0.0051
        ), food.id
        assert food.fibre_g == pytest.approx(given["fibre_g"], nan_ok=True, abs=0.0051), food.id
        fibre = given["fibre_g"] if entry["fibre_g"] else 0.0
        carbohydrate = float(entry["available_carbohydrate_g"]) + fibre
        assert per.carbohydrate_g == pytest.approx(carbohydrate, abs=0.011), food.id


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_source_is_cited_with_the_name_that_its_licence_asks_for(table: str) -> None:
    citation = cite(f"{table} X1, raw")
    assert citation.text == f"{TABLES[table].name}, entry X1, raw"
    assert citation.short.endswith(" X1, raw")
    assert citation.address.startswith("https://")


def test_an_american_entry_has_an_address_of_its_own() -> None:
    assert cite("fdc 168874").address == "https://fdc.nal.usda.gov/food-details/168874/nutrients"

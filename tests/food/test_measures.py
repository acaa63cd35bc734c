"""Each household measure names a food, and is what its source says."""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from mealplanner.food.measures import COUNTED, PACKED, check_measures, load_measures, measures_of
from mealplanner.food.table import Row, load_foods

REFERENCE: Final = Path(__file__).parents[3] / "shared" / "usda" / "fdc_portions.tsv.gz"
SOURCE: Final = re.compile(r"fdc (\d+): (?:([\d/]+) of )?([^)]+(?:\([^)]*\))?[^)]*)")
SOLD: Final = re.compile(
    r"sold in (?:balls|tins|cans|sheets) of [\d.]+ (?:g|ml|oz|fl oz)(?:, (?:[\d.]+ g )?drained)?(?: \(.*\))?"
)


def test_each_line_is_of_a_food_or_an_aisle_and_no_food_is_measured_in_two_ways() -> None:
    assert check_measures(load_measures(), load_foods()) == []


@pytest.mark.parametrize(
    ("name", "kinds", "problem"),
    [
        ("unicorn", {"each"}, "unicorn: measures are of a food or of an aisle"),
        ("egg", {"each", "about"}, "egg: is counted or poured in two ways: about, each"),
        ("egg", {"spoon", "ml"}, "egg: is counted or poured in two ways: ml, spoon"),
    ],
)
def test_a_defect_is_found(name: str, kinds: set[str], problem: str) -> None:
    lines = {name: {kind: Row("measures.tsv:2", {}) for kind in kinds}}
    assert list(map(str, check_measures(lines, load_foods()))) == [problem]


def test_a_food_without_lines_is_measured_as_its_aisle_is() -> None:
    foods = load_foods()
    manners = {food: measures_of(foods[food]).manner for food in ("cumin", "olive-oil", "couscous-dry", "salmon")}
    assert manners == {"cumin": "spoon", "olive-oil": "ml", "couscous-dry": "cup", "salmon": "weigh"}


def test_no_line_repeats_what_its_aisle_says() -> None:
    lines, foods = load_measures(), load_foods()
    bare = {
        (food, kind)
        for food, kinds in lines.items()
        for kind, row in kinds.items()
        if not any(list(row.cells.values())[2:])
    }
    assert [
        (food, kind) for food, kind in bare if food in foods and kind in lines.get(foods[food].aisle, {"weigh": None})
    ] == []


def test_spoons_and_cups_of_one_food_agree() -> None:
    """Sixteen tablespoons are a cup; where the table knows both, they were weighed apart and differ a little."""
    for food in load_foods().values():
        measures = measures_of(food)
        if measures.cup:
            assert 0.7 < 16 * measures.tablespoon / measures.cup < 1.35, food.id


def test_every_weight_has_a_source() -> None:
    for food, rows in load_measures().items():
        for kind, row in rows.items():
            assert bool(row.cells["grams"]) == bool(row.cells["source"]), (food, kind)
            assert bool(row.cells["many"]) == bool(row.cells["least"]) == (kind in COUNTED | PACKED), (food, kind)
            assert not row.cells["source"] or SOURCE.search(row.cells["source"]) or SOLD.fullmatch(row.cells["source"])


@pytest.mark.skipif(
    not REFERENCE.exists(), reason="needs the USDA reference, shared/usda/fdc_portions.tsv.gz beside the repository"
)
def test_every_weight_is_that_of_its_source() -> None:
    portions: dict[tuple[str, str], list[float]] = defaultdict(list)
    with gzip.open(REFERENCE, "rt", encoding="utf-8") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            portions[line["fdc_id"], f"{float(line['amount']):g} {line['unit']}"].append(float(line["grams"]))
    checked = 0
    for food, rows in load_measures().items():
        for row in rows.values():
            source = row.cells["source"]
            if source.startswith("sold") or not source:
                continue
            entry, share, portion = re.fullmatch(r".*?\(?fdc (\d+): (?:([\d/]+) of )?(.*)", source).groups()  # type: ignore[union-attr]
            portion = portion[:-1] if "(fdc" in source else portion
            given = [grams * Fraction(share or 1) for grams in portions[entry, portion]]
            assert any(abs(row.number("grams") - grams) < 0.06 for grams in given), (food, source)
            checked += 1
    assert checked > 100

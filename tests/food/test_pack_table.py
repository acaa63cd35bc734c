"""Every food says how shops sell it, and a food that does not is refused with the way to mend it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from mealplanner.food.pack_table import COLUMNS, check_packs, load_packs, read_sale, sale_of
from mealplanner.food.table import FoodTableError, Row, load_foods

FOODS: Final = load_foods()
LINES: Final = load_packs()


def _row(name: str, **cells: str) -> Row:
    return Row("packs.tsv:9", {**dict.fromkeys(COLUMNS, ""), "food": name, **cells})


def test_every_food_of_the_table_is_answered_for() -> None:
    assert check_packs(LINES, FOODS) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (_row("onion", metric="some"), "onion: packs.tsv:9: metric: expected packs such as `500 g bag`"),
        (_row("onion", metric="3 kilos bag"), "onion: packs.tsv:9: metric: expected packs such as"),
        (_row("broccoli", us="6 box"), "broccoli: packs.tsv:9: us: expected a pack whose weight is known"),
        (_row("broccoli", metric="each"), "broccoli: packs.tsv:9: metric: expected a pack whose weight is known"),
        (_row("broccoli", metric="500 g bag|loose"), "broccoli: packs.tsv:9: metric: expected packs, or `loose`"),
        (_row("onion", aisle="attic"), "onion: packs.tsv:9: aisle: expected one of vegetables, fruit"),
        (_row("onion", bought="unicorn", yields="1"), "onion: packs.tsv:9: bought: expected the id of another food"),
        (_row("onion", bought="onion", yields="1"), "onion: packs.tsv:9: bought: expected the id of another food"),
        (_row("onion", bought="egg-white", yields="1"), "which shops sell as itself"),
        (_row("onion", bought="shallot", yields="a lot"), "onion: packs.tsv:9: yields: expected the grams that a gram"),
        (_row("onion", bought="shallot"), "onion: packs.tsv:9: yields: expected the grams that a gram"),
        (_row("unicorn", metric="each"), "unicorn: packs.tsv: packs are of a food, of an aisle"),
    ],
)
def test_a_defect_is_found(line: Row, message: str) -> None:
    found = "\n".join(map(str, check_packs({**LINES, line.cells["food"]: line}, FOODS)))
    assert message in found


def test_a_food_that_no_line_answers_for_is_refused_with_the_way_to_mend_it() -> None:
    cooked = replace(FOODS["rice-white-cooked"], id="freekeh-cooked")
    with pytest.raises(FoodTableError, match=r"freekeh-cooked \(grains-pasta, cooked\): add a line for it"):
        read_sale(cooked, LINES, {**FOODS, cooked.id: cooked})


def test_a_new_food_is_sold_as_its_group_is() -> None:
    frozen = replace(FOODS["spinach-frozen"], id="kale-frozen", name="Kale, frozen")
    sale = read_sale(frozen, LINES, {**FOODS, frozen.id: frozen})
    assert (sale.aisle, sale.bought, [pack.size for pack in sale.packs["metric"]]) == (
        "frozen",
        "kale-frozen",
        ["500 g", "1 kg"],
    )


def test_every_weight_that_no_label_gives_and_every_yield_has_a_source() -> None:
    for name, row in LINES.items():
        needs_one = "=" in row.cells["metric"] + row.cells["us"] or row.cells["yields"] not in {"", "water"}
        assert needs_one == bool(row.cells["source"]), name


def test_no_line_repeats_what_its_group_says() -> None:
    for name, row in LINES.items():
        if food := FOODS.get(name):
            groups = [LINES[key] for key in (f"{food.aisle} {food.state}", food.aisle) if key in LINES]
            for column in ("metric", "us", "aisle", "staple"):
                inherited = next((group.cells[column] for group in groups if group.cells[column]), "")
                assert not row.cells[column] or row.cells[column] != inherited, (name, column)


def test_only_water_goes_into_what_is_cooked_in_water() -> None:
    """Dry pulses and grains weigh two to four times as much when they are cooked."""
    cooked = [food for food, row in LINES.items() if row.cells["yields"] == "water"]
    assert cooked
    assert all(2 < sale_of(food).yields < 4.2 for food in cooked)

"""The food table is read in full or refused with the place of the defect."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from mealplanner.food.table import FoodTableError, load_foods, read_table
from mealplanner.planner.model import Nutrients


def test_a_line_becomes_a_food_with_the_aisle_of_its_file(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """Every column of a line reaches the food, and its file names its aisle."""
    (tmp_path / "beans-lentils.tsv").write_text(make_tsv(may="sulphites wheat", traces="mustard"))
    food = read_table(tmp_path).foods["red-lentils"]
    assert (food.name, food.state, food.aisle, food.source) == (
        "Red lentils", "dry", "beans-lentils", "fdc 174284"
    )  # fmt: skip
    assert food.per_100g == Nutrients(kcal=358, protein_g=23.91, carbohydrate_g=63.1, fat_g=2.17)
    assert (food.saturates_g, food.fibre_g, food.salt_g, food.aliases) == (0.38, 10.8, 0.018, ("lentil", "dal"))
    assert food.contains == {"legume"}
    assert food.may_contain == {"sulphites", "wheat"}
    assert food.traces == {"mustard"}
    assert food.grams_per == {"cup": 192}


def test_a_figure_that_the_source_lacks_is_unknown_and_not_zero(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """A blank is `nan`, a zero is none."""
    (tmp_path / "beans-lentils.tsv").write_text(make_tsv(saturates="", fibre="", sugars="0", salt=""))
    food = read_table(tmp_path).foods["red-lentils"]
    assert all(math.isnan(figure) for figure in (food.saturates_g, food.fibre_g, food.salt_g))
    assert food.sugars_g == 0


def test_an_excuse_is_kept_beside_its_food(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """The table tells why a food's energy is not what its macros give."""
    (tmp_path / "beans-lentils.tsv").write_text(make_tsv(excuse="fibre"))
    assert read_table(tmp_path).excuses == {"red-lentils": "fibre"}


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("id", "", "id: expected some text, found ''"),
        ("source", "fdc", "source: expected a table, one of fdc, ciqual, cofid, bls, and its entry, found 'fdc'"),
        ("source", "usda 1", "source: expected a table, one of fdc, ciqual, cofid, bls, and its entry, found 'usda 1'"),
        ("kcal", "", "kcal: expected a number, found ''"),
        ("protein", "many", "protein: expected a number, found 'many'"),
        ("fat", "-1", "fat: expected a number that is not negative, found '-1'"),
        ("carbohydrate", "nan", "carbohydrate: expected a number that is not negative, found 'nan'"),
        ("contains", "", "contains: expected traits, or '-' when it was reviewed and has none, found ''"),
        ("may", "", "may: expected traits, or '-' when it was reviewed and has none, found ''"),
        ("traces", "", "traces: expected traits, or '-' when it was reviewed and has none, found ''"),
        ("cup", "big", "cup: expected a number, found 'big'"),
    ],
)
def test_a_bad_cell_is_refused_by_file_line_and_column(
    tmp_path: Path, make_tsv: Callable[..., str], column: str, cell: str, expected: str
) -> None:
    """The error says where the defect is and what was expected there."""
    (tmp_path / "fruit.tsv").write_text(make_tsv(**{column: cell}))
    with pytest.raises(FoodTableError) as error:
        read_table(tmp_path)
    assert str(error.value) == f"fruit.tsv:2: {expected}"


def test_a_line_of_another_length_is_refused(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """A line that lost a tab never shifts its cells into other columns."""
    (tmp_path / "fruit.tsv").write_text(make_tsv().rstrip() + "\tmore\tand more\n")
    with pytest.raises(FoodTableError, match=r"^fruit\.tsv:2: expected 20 columns, found "):
        read_table(tmp_path)


def test_other_columns_are_refused(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """A file whose header is another is not guessed at."""
    (tmp_path / "fruit.tsv").write_text(make_tsv().replace("kcal", "energy"))
    with pytest.raises(FoodTableError, match=r"^fruit\.tsv:1: expected the columns id, name"):
        read_table(tmp_path)


def test_a_file_named_for_no_aisle_is_refused(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """Every food has a known aisle."""
    (tmp_path / "toys.tsv").write_text(make_tsv())
    with pytest.raises(FoodTableError, match=r"^toys\.tsv:1: expected a file named for an aisle"):
        read_table(tmp_path)


def test_an_id_belongs_to_one_food(tmp_path: Path, make_tsv: Callable[..., str]) -> None:
    """The same id in two files is refused."""
    (tmp_path / "beans-lentils.tsv").write_text(make_tsv())
    (tmp_path / "fruit.tsv").write_text(make_tsv())
    with pytest.raises(FoodTableError, match=r"^fruit\.tsv:2: id: expected an id that beans-lentils does not have"):
        read_table(tmp_path)


def test_the_package_brings_its_table() -> None:
    """The table is found through the package's resources and is wide enough to cook from."""
    assert len(load_foods()) >= 600

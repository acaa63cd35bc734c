"""Archives and names of files."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from mealplanner.recipe_files.archive import gzipped, safe_name, zipped
from tests.recipe_files.dishes import ODD_TITLES


def test_equal_content_is_equal_bytes() -> None:
    assert zipped([("a", b"1")]) == zipped([("a", b"1")])
    (entry,) = zipfile.ZipFile(io.BytesIO(zipped([("a", b"1")]))).infolist()
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert gzipped(b"1")[4:8] == bytes(4)  # the time


@pytest.mark.parametrize("title", ODD_TITLES)
def test_every_title_gives_a_safe_name(title: str) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", safe_name(title))
    assert len(safe_name(title)) <= 60


def test_names_can_be_read() -> None:
    assert safe_name("Crème brûlée, the quick one") == "creme-brulee-the-quick-one"

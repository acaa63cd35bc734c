"""Every table has its row in the documentation: what becomes of what is in it."""

from __future__ import annotations

import re
from pathlib import Path

from mealplanner.models import Base

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_the_documentation_says_of_every_table_when_its_rows_go() -> None:
    """A new table needs a line under "What is deleted, and when", and a rule where it grows."""
    (section,) = re.findall(r"^## What is deleted, and when$(.*?)^## ", OPERATIONS.read_text(), re.M | re.S)
    assert re.findall(r"^\| `(\w+)` \|", section, re.M) == sorted(Base.metadata.tables)

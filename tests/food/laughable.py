"""The texts that a cook would laugh at, and those that a shop assistant would."""

from __future__ import annotations

import csv
import re
from pathlib import Path


def laughable(name: str = "laughable.tsv") -> list[tuple[re.Pattern[str], str, str]]:
    """Return the patterns of such texts, each with an example and what is wrong with it."""
    with Path(__file__).with_name(name).open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(re.compile(row["pattern"]), row["example"], row["why"]) for row in rows]

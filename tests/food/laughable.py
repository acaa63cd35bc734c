"""The texts that a cook would laugh at."""

from __future__ import annotations

import csv
import re
from pathlib import Path


def laughable() -> list[tuple[re.Pattern[str], str, str]]:
    """Return the patterns of such texts, each with an example and what is wrong with it."""
    with Path(__file__).with_name("laughable.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(re.compile(row["pattern"]), row["example"], row["why"]) for row in rows]

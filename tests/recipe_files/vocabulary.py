"""What schema.org says of the properties that recipes use.

`HowToStep` stands for `CreativeWork` among the types of `recipeInstructions`: it is one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).with_name("vocabulary.tsv")

_WRITTEN: Final = {
    "Text": re.compile(r"\S(?:.*\S)?"),
    "URL": re.compile(r"https?://\S+"),
    "Duration": re.compile(r"PT\d+M"),
    "Energy": re.compile(r"\d+ kcal"),
    "Mass": re.compile(r"\d+ g"),
}
"""How the types that are text are written: ISO 8601 for durations, a number and a unit for the others."""


def expected() -> dict[tuple[str, str], set[str]]:
    """Return type and property -> the types that a value of it may have."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {(row["type"], row["property"]): set(row["expected"].split(",")) for row in rows}


def faults(node: dict[str, Any], known: dict[tuple[str, str], set[str]]) -> Iterator[str]:
    """Yield what in `node` the vocabulary does not know, or expects to be something else."""
    for name, value in node.items():
        if name.startswith("@"):
            continue
        types = known.get((node["@type"], name))
        if types is None:
            yield f"{node['@type']} has no {name}"
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                if item["@type"] not in types:
                    yield f"{name} is no {item['@type']}"
                yield from faults(item, known)
            elif not any(kind in types and pattern.fullmatch(item) for kind, pattern in _WRITTEN.items()):
                yield f"{name}: {item!r} is none of {sorted(types)}"

"""What an attack found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table: what was tried, what came of it, and whether that is within the limit."""

    attack: str
    case: str
    measured: str
    limit: str
    holds: bool


def table(rows: list[tuple[str, Finding]]) -> str:
    """Return the findings as a table, each with the target that was attacked."""
    cells = [("target", "attack", "case", "measured", "limit", "")]
    cells += [
        (at, row.attack, row.case, row.measured, row.limit, "holds" if row.holds else "BROKEN") for at, row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)

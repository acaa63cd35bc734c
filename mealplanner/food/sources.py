"""The tables of food composition that figures are taken from, and how an entry of theirs is cited.

A source is written as the name of a table and its entry: `fdc 168874`, `ciqual Tempeh`, `cofid 13-118`, `bls M710100`.
Ciqual's entries have names, those of the others have numbers or codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of food composition."""

    name: str
    """With its edition, as its licence asks for it to be named."""
    short_name: str
    licence: str
    address: str
    """Of the entry that `{}` stands for, or of the whole table."""


TABLES: Final[Mapping[str, Table]] = {
    "fdc": Table(
        name="USDA FoodData Central, SR Legacy",
        short_name="USDA",
        licence="public domain",
        address="https://fdc.nal.usda.gov/food-details/{}/nutrients",
    ),
    "ciqual": Table(
        name="ANSES, Table Ciqual 2025",
        short_name="Ciqual",
        licence="Etalab Open Licence 2.0",
        address="https://ciqual.anses.fr/",
    ),
    "cofid": Table(
        name="Public Health England, CoFID 2021",
        short_name="CoFID",
        licence="Open Government Licence v3.0",
        address="https://www.gov.uk/government/publications/composition-of-foods-integrated-dataset-cofid",
    ),
    "bls": Table(
        name="Max Rubner-Institut, BLS 4.0",
        short_name="BLS",
        licence="CC BY 4.0",
        address="https://www.blsdb.de/",
    ),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """How an entry is cited, in full and in short, and where it can be looked up."""

    text: str
    short: str
    address: str


def cite(source: str) -> Citation:
    """Return the citation of `source`."""
    key, _, entry = source.partition(" ")
    table = TABLES[key]
    return Citation(f"{table.name}, entry {entry}", f"{table.short_name} {entry}", table.address.format(quote(entry)))

"""Read the groups of foods: `data/groups.tsv`, one line for each, by the phrases that people use for it.

Columns, tab separated below one header line: phrases (`|` between them, the first is how it is shown), the restriction
that stands for the same on the preferences page, then what belongs to it: foods that contain one of the traits, foods
of the aisles, foods called by one of the words (`|` between them), single foods, less those under `without`. `kin` is
`yes` where the members are close relatives: of a person who dislikes one, it is asked whether they dislike the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from mealplanner.food.table import read_lines
from mealplanner.food.vocabulary import AISLES
from mealplanner.planner.restrictions import RESTRICTIONS, TRAITS

COLUMNS: Final = ("phrases", "restriction", "traits", "aisles", "called", "foods", "without", "kin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A name for many foods. What belongs to it is worked out where the foods are known (`match.FoodIndex`)."""

    phrases: tuple[str, ...]
    restriction: str
    traits: frozenset[str]
    aisles: frozenset[str]
    called: tuple[str, ...]
    foods: frozenset[str]
    without: frozenset[str]
    kin: bool

    @property
    def name(self) -> str:
        """The phrase that it is shown by."""
        return self.phrases[0]


@cache
def load_groups() -> tuple[Group, ...]:
    """Return the groups that come with the package. Raises `FoodTableError` for a line it cannot read."""
    return read_groups(files("mealplanner.food") / "data" / "groups.tsv")


def read_groups(file: Traversable) -> tuple[Group, ...]:
    """Read `file`. Raises `FoodTableError`."""
    groups = []
    for row in read_lines(file.name, file.read_text(encoding="utf-8"), COLUMNS):
        if row.cells["restriction"] not in {"", *RESTRICTIONS}:
            raise row.fail("restriction", "a restriction, or nothing")
        group = Group(
            phrases=tuple(row.text("phrases").split("|")),
            restriction=row.cells["restriction"],
            traits=frozenset(row.cells["traits"].split()),
            aisles=frozenset(row.cells["aisles"].split()),
            called=tuple(filter(None, row.cells["called"].split("|"))),
            foods=frozenset(row.cells["foods"].split()),
            without=frozenset(row.cells["without"].split()),
            kin=row.cells["kin"] == "yes",
        )
        if not group.traits <= TRAITS:
            raise row.fail("traits", "traits of foods")
        if not group.aisles <= AISLES.keys():
            raise row.fail("aisles", "aisles")
        groups.append(group)
    return tuple(groups)

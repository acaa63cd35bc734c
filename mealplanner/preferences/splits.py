"""Usual ways to divide a day's energy among protein, carbohydrate and fat, to begin from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Split(NamedTuple):
    """Percent of the energy; they sum to 100."""

    name: str
    protein: int
    carbs: int
    fat: int

    @property
    def fields(self) -> dict[str, int]:
        """The same by the names of the preferences."""
        return {"macro_protein": self.protein, "macro_carbs": self.carbs, "macro_fat": self.fat}


SPLITS: Final[Mapping[str, Split]] = {
    "balanced": Split("Balanced", 20, 50, 30),
    "high-protein": Split("High protein", 30, 40, 30),
    "high-carb": Split("High carb", 15, 60, 25),
    "low-carb": Split("Low carb", 25, 30, 45),
    "keto": Split("Keto", 22, 8, 70),
}
"""The planner meets each of them from the catalogue; the first is what a new person starts with."""


def split_of(protein: object, carbs: object, fat: object) -> str | None:
    """Return the name of the split with these percents, as typed or stored."""
    typed = tuple(str(value).strip() for value in (protein, carbs, fat))
    return next((key for key, split in SPLITS.items() if typed == tuple(map(str, split[1:]))), None)

"""Errors of the spending room."""

from __future__ import annotations

import datetime
from typing import Literal

from mealplanner.errors import Conflict
from mealplanner.spending.values import month_after

Whose = Literal["person", "installation", "menu"]

_WHOSE: dict[Whose, str] = {
    "person": "Your budget for dishes from the model is {limit:,} tokens a month, and what is left of it is not enough "
    "for another one",
    "installation": "The budget of this site for dishes from the model is {limit:,} tokens a month for all members "
    "together, and what is left of it is not enough for another one",
    "menu": "The model may use {limit:,} tokens for one menu, and what is left of them is not enough for another dish",
}


class BudgetSpent(Conflict):
    """A call might use more than is left of a budget. The message says which one, its size, and when it renews."""

    def __init__(self, whose: Whose, *, limit: int, month: datetime.date) -> None:
        self.whose = whose
        self.limit = limit
        self.renews = None if whose == "menu" else month_after(month)
        """The first day of the next budget; None for the budget of a menu, which does not renew."""
        when = f" It renews on the first of next month, {self.renews.isoformat()}." if self.renews else ""
        super().__init__(f"{_WHOSE[whose].format(limit=limit)}.{when}")

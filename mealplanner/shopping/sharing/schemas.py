"""What people send about links to their lists."""

from __future__ import annotations

from typing import Final

from marshmallow import EXCLUDE, Schema

from mealplanner.fields import Whole
from mealplanner.shopping.sharing.values import LONGEST_DAYS

DAYS: Final = f"Let the link work for 1 to {LONGEST_DAYS} days."


class ShareSchema(Schema):
    """For how many days a link works."""

    class Meta:
        unknown = EXCLUDE

    days = Whole(1, LONGEST_DAYS, DAYS, load_default=7)

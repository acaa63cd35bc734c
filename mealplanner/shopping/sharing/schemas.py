"""What people send about links to their lists."""

from __future__ import annotations

import uuid
from typing import Final

from marshmallow import EXCLUDE, Schema, fields

from mealplanner.fields import Whole, said
from mealplanner.shopping.schemas import ID
from mealplanner.shopping.sharing.values import LONGEST_DAYS

DAYS: Final = f"Let the link work for 1 to {LONGEST_DAYS} days."


class ShareSchema(Schema):
    """For how many days a link works; `id` makes asking for it twice make it once."""

    class Meta:
        unknown = EXCLUDE

    share_id = fields.UUID(data_key="id", load_default=uuid.uuid4, error_messages={"invalid_uuid": ID, **said(ID)})
    days = Whole(1, LONGEST_DAYS, DAYS, load_default=7)

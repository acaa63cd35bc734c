"""What an operator may not do."""

from __future__ import annotations

from mealplanner.errors import Conflict


class OwnAccount(Conflict):
    """The operator would lock themselves out."""

    message = "This is your own account: closing it would sign you out of these pages for good."

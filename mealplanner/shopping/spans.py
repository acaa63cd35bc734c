"""Which days a list is for. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from mealplanner.shopping.values import PlannedSpan, Span

A_WEEK: Final = datetime.timedelta(days=6)


def next_to_shop_for(spans: Sequence[PlannedSpan], today: datetime.date) -> Span:
    """Return the days that the person most likely shops for: those of the first menu that goes on after today.

    Failing that, they are those of the menu that ends today, or the week that begins today.
    """
    coming = [one.span for one in spans if one.span.last > today]
    present = [one.span for one in spans if one.span.last == today]
    return min([*coming[:1], *present[:1]] or [Span(today, today + A_WEEK)], key=lambda span: span.last <= today)

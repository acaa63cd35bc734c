"""How pages write and draw what they are given, as filters of their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask

from mealplanner import charts, formatting

_FILTERS: Final[tuple[Callable[..., Any], ...]] = (
    *(
        formatting.day,
        formatting.short_date,
        formatting.date_range,
        formatting.clock,
        formatting.duration,
        formatting.number,
        formatting.label,
        formatting.visible,
    ),
    *(charts.measures, charts.energy_shares, charts.typed_shares, charts.typed_number, charts.slice_after),
)


def register(app: Flask) -> None:
    """Give `app`'s templates these filters, the scale of the bars, and pages without the templates' blank lines."""
    for function in _FILTERS:
        app.add_template_filter(function)
    app.jinja_env.globals["scale"] = charts.Scale()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

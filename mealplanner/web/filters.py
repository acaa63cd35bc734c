"""How pages write and draw what they are given, as filters of their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask

from mealplanner import drawing, words

_FILTERS: Final[tuple[Callable[..., Any], ...]] = (
    *(words.day, words.short_date, words.date_range, words.clock, words.duration, words.number, words.label),
    *(drawing.measures, drawing.energy_shares, drawing.typed_shares, drawing.typed_number, drawing.slice_after),
)


def register(app: Flask) -> None:
    """Give `app`'s templates these filters, the scale of the bars, and pages without the templates' blank lines."""
    for function in _FILTERS:
        app.add_template_filter(function)
    app.jinja_env.globals["scale"] = drawing.Scale()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

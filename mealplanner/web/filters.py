"""Formatting and charts, as filters of the templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask

from mealplanner.presentation import charts, formatting, glyphs
from mealplanner.web.paging import links

_FILTERS: Final[tuple[Callable[..., Any], ...]] = (
    *(
        formatting.day,
        formatting.short_date,
        formatting.date_range,
        formatting.clock,
        formatting.duration,
        formatting.number,
        formatting.label,
        formatting.unbroken,
        formatting.visible,
    ),
    *(charts.measures, charts.detail_lines, charts.energy_shares, charts.typed_shares, charts.typed_number),
    *(glyphs.food_glyph, glyphs.cuisine_glyph),
)


def register(app: Flask) -> None:
    """Give the templates of `app` these filters and the scale of the bars, and leave their blank lines out of pages."""
    for function in _FILTERS:
        app.add_template_filter(function)
    app.jinja_env.globals["scale"] = charts.Scale()
    app.add_template_global(links, "page_links")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

"""The pages' own escaping says what the library's says."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup, escape

from mealplanner.web.escaping import escaped


class Loud(str):
    """A string that writes itself otherwise."""

    def __html__(self) -> str:
        return "<b>loud</b>"


VALUES = ["plain", "<&>\"'", "", 5, -1.25, True, None, Markup("<b>bold</b>"), Loud("quiet"), ["<"]]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_escaped_as_the_library_escapes_it(value: object) -> None:
    """Whatever is written into a page: text, numbers, markup, and what knows how to write itself."""
    assert escaped(value) == escape(value)


@pytest.mark.parametrize("template", ["{{ value }}", "{% macro say() %}{{ value }}{% endmacro %}{{ say() }}"])
def test_pages_escape_what_people_write(app: Flask, template: str) -> None:
    """A name that looks like markup is shown as it was written; what a macro has written is escaped once."""
    with app.test_request_context():
        assert render_template_string(template, value="<script>") == "&lt;script&gt;"


def test_pages_are_compiled_with_it(app: Flask) -> None:
    """Or all of this would be for nothing."""
    source = str(app.jinja_env.compile("{{ value }}", name="page.html", raw=True))
    assert "environment.escaped(" in source
    assert " escape(" not in source

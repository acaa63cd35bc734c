"""What templates can use."""

from __future__ import annotations

import datetime

from flask import Flask, render_template_string

from mealplanner.web import filters

MONDAY = datetime.date(2026, 11, 23)


def test_templates_of_an_application_can_use_them() -> None:
    """A registered application finds the filters by the names of the functions."""
    app = Flask(__name__)
    filters.register(app)
    with app.test_request_context():
        assert (
            render_template_string("{{ day|day }}, {{ 65|duration }}", day=MONDAY)
            == "Monday 23 November, 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}min"
        )
        assert render_template_string("{{ scale.target }}") == "80.0"

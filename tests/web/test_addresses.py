"""The templates' own `url_for` agrees with Flask's."""

from __future__ import annotations

import uuid

from flask import Flask, render_template_string, url_for

RECIPE = uuid.uuid4()
TEMPLATE = "{{ url_for('recipes.show', recipe_id=recipe, servings='1.5') }} {{ url_for('home.index') }}"


def test_an_address_is_the_one_that_the_router_builds(app: Flask) -> None:
    """On the first call and when it is remembered, and at any path that the site is mounted at."""
    for mounted_at in ("/", "/meals", "/"):
        with app.test_request_context("/", base_url=f"http://localhost{mounted_at}"):
            built = f"{url_for('recipes.show', recipe_id=RECIPE, servings='1.5')} {url_for('home.index')}"
            assert render_template_string(TEMPLATE, recipe=RECIPE).replace("&amp;", "&") == built

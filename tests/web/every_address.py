"""Every address of the site: its pages, and what takes a POST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, url_for
from werkzeug.routing import Rule

from tests.visitor import Visitor


def posts(app: Flask) -> list[tuple[str, Rule]]:
    """Return every POST address of `app`, with something in the place of its variables."""
    adapter = app.url_map.bind("localhost")
    fill = {"UUIDConverter": uuid.uuid4(), "IntegerConverter": 1, "AnyConverter": "numbers"}
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {name: fill.get(type(kind).__name__, "x") for name, kind in rule._converters.items()}
            found.append((adapter.build(rule.endpoint, values, method="POST"), rule))
    return found


NO_PAGES = {"static", "offline.worker", "offline.manifest", "health.healthz", "health.readyz", "health.metrics"} | {
    "rebalancing.progress"
}
BY_A_LINK = {
    "account.remove_factors_form",
    "account.reset_form",
    "account.verify_form",
    "auth.invitation_form",
    "preferences.suggested",
    "shared_lists.show",
} | {"calendar.follow", "auth.provider_start", "auth.provider_back", "account.provider"}
"""Pages that only a link opens, whose address holds more than the names of things."""


def pages(person: Visitor, menu: dict[str, Any]) -> dict[str, str]:
    """Return rule -> address, for every page of the site that can be opened."""
    meal = menu["days"][0]["meals"][0]
    days = {"from": menu["days"][0]["date"], "to": menu["days"][-1]["date"]}
    bought = person.get(f"/menu/{menu['id']}/shopping", json=True).get_json()["lines"][0]["food"]
    known = {"menu_id": menu["id"], "meal_id": meal["id"], "recipe_id": meal["recipe"]["id"], "part": "food"}
    known |= {"food": bought}
    found = {}
    with person.app.test_request_context():
        for rule in person.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES | BY_A_LINK:
                continue
            found[rule.rule] = url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}, **days)
    return found

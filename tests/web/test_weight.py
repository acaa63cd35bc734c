"""How heavy each page is over the wire, how many queries it runs, and that nothing on it moves while it loads."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from flask import url_for

from mealplanner.auth.operators.services import grant
from mealplanner.storage.database import Database
from tests.auth.factors.device import with_passkey
from tests.visitor import Visitor
from tests.web.test_nothing_computed import laden  # noqa: F401  # a menu of four weeks
from tests.web.test_queries import asked

MOST_BYTES = 50_000
"""Of a page with all its files, compressed, to a browser that has none of them yet."""

MOST_QUERIES = 9

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

GZIP = {"Accept-Encoding": "gzip"}


def addresses(person: Visitor, menu: dict[str, Any]) -> dict[str, str]:
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


def test_every_page_is_light_and_asks_little(person: Visitor, laden: str, database: Database) -> None:  # noqa: F811
    menu = person.get(laden, json=True).get_json()
    database.run(partial(grant, email=person.email))
    with_passkey(person)
    weights, queries, files = {}, {}, {}
    for rule, address in addresses(person, menu).items():
        with asked(database) as statements:
            answer = person.client.get(address, headers=GZIP)
        assert answer.status_code in (200, 303), (rule, answer.status_code)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        queries[rule] = len(statements)
        page = person.get(address).text
        linked = set(re.findall(r'(?:href|src)="([^"#]*/static/[^"#]*)', page))
        for file in linked - set(files):
            with person.client.get(file.replace("&amp;", "&"), headers=GZIP) as sent:
                files[file] = len(sent.data)
        weights[rule] = len(answer.data) + sum(files[file] for file in linked if "icon-" not in file)
    assert len(weights) > 20
    assert {rule: weight for rule, weight in weights.items() if weight > MOST_BYTES} == {}
    assert {rule: count for rule, count in queries.items() if count > MOST_QUERIES} == {}


@pytest.mark.parametrize("path", ["/", "/menu/", "/preferences", "/recipes/"])
def test_every_picture_has_its_size(person: Visitor, path: str) -> None:
    """A browser leaves room for it, so that nothing moves when it arrives."""
    for picture in re.findall("<img [^>]*>", person.get(path).text):
        assert re.search(r' width="\d+"', picture), picture
        assert re.search(r' height="\d+"', picture), picture

"""How heavy each page is over the wire, how many queries it runs, and that nothing on it moves while it loads."""

from __future__ import annotations

import re
from functools import partial

import pytest

from mealplanner.auth.operators.services import grant
from mealplanner.storage.database import Database
from tests.auth.factors.device import with_passkey
from tests.statements import asked
from tests.visitor import Visitor
from tests.web.every_address import pages

MOST_BYTES = 50_000
"""Of a page with all its files, compressed, to a browser that has none of them yet."""

MOST_QUERIES = 9


GZIP = {"Accept-Encoding": "gzip"}


def test_every_page_is_light_and_asks_little(person: Visitor, laden: str, database: Database) -> None:
    menu = person.get(laden, json=True).get_json()
    database.run(partial(grant, email=person.email))
    with_passkey(person)
    weights, queries, files = {}, {}, {}
    for rule, address in pages(person, menu).items():
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

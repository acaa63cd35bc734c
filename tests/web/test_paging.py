"""Lists that are longer than a page: every item once, by links that work without a script, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.visitor import Visitor

USER = "(SELECT id FROM users)"
MENU = "md5('m')::uuid"
ONE_MENU = f"""
INSERT INTO menus (id, user_id, idempotency_key, status, start_date, days, seed, source, preferences, targets, step,
    steps, message, warnings)
SELECT {{id}}, {USER}, gen_random_uuid(), 'ready', date '2026-11-23' - i, 1, 1, 'model', '{{{{}}}}', '{{{{}}}}', 1, 1,
    'Ready', '[]'
FROM generate_series(1, {{count}}) AS i
"""

MENUS = ONE_MENU.format(id="gen_random_uuid()", count=1000)
"""Two begin on each day, so that their order is not by the day alone."""

MEASURED = {
    "/menu/": (MENUS.replace("- i,", "- i / 2,"), "menus", 1000, r'<h3><a href="(/menu/[^"]+)"'),
    f"/menu/{'{menu}'}/history": (
        ONE_MENU.format(id=MENU, count=1)
        + f"""; INSERT INTO menu_edits (menu_id, version, what, before, after, made_at, undoes)
        SELECT {MENU}, v, CASE WHEN v = 131 THEN 'undo' ELSE 'note' END, meal, meal, now(),
            CASE WHEN v = 131 THEN 130 END
        FROM generate_series(2, 131) AS v, jsonb_build_object(md5('meal'),
            jsonb_build_object('day', 0, 'slot', 'lunch', 'title', 'Stew', 'note', 'Ann comes')) AS meal""",
        "edits",
        130,
        r'<time class="fine" datetime="([^"]+)"',
    ),
    f"/menu/{'{menu}'}/sent": (
        ONE_MENU.format(id=MENU, count=1)
        + f"""; INSERT INTO model_calls (id, user_id, menu_id, month, purpose, outcome, reserved_tokens, created_at,
            settled_at, sent, received)
        SELECT gen_random_uuid(), {USER}, {MENU}, '2026-11-01', 'dish', 'ok', 10, now(), now(), 'A dish.', 'Stew.'
        FROM generate_series(1, 50)""",
        "calls",
        50,
        r'<h2 id="call-\d+">(\d+)\.',
    ),
    "/recipes/": (
        f"""INSERT INTO recipes (id, owner_id, slug, title, cuisine, main_protein, kinds, minutes, appliances, steps)
        SELECT gen_random_uuid(), {USER}, 'own-' || i, 'Stew ' || i, 'british', 'beans', '["main"]', 30, '[]', '[]'
        FROM generate_series(1, 150) AS i""",
        "own",
        150,
        r'<h3><a href="(/recipes/[^"]+)"',
    ),
    "/larder/": (
        f"""INSERT INTO larder_items (user_id, food_id, grams, best_before)
        SELECT {USER}, 'carrots', 500, date '2026-11-23' + i FROM generate_series(1, 250) AS i""",
        "items",
        250,
        r'<li id="item-([^"]+)"',
    ),
    "/recipes/opinions": (
        f"""INSERT INTO recipes (id, owner_id, slug, title, cuisine, main_protein, kinds, minutes, appliances, steps)
        SELECT gen_random_uuid(), {USER}, 'own-' || i, 'Stew ' || i, 'british', 'beans', '["main"]', 30, '[]', '[]'
        FROM generate_series(1, 150) AS i;
        INSERT INTO opinions (user_id, slug, opinion)
        SELECT {USER}, 'own-' || i, 'too-long' FROM generate_series(1, 150) AS i""",
        "opinions",
        150,
        r'<h2><a href="(/recipes/[^"]+)"',
    ),
}
"""Page -> what fills it, the list in its JSON, how many it has, and how a page shows each."""


@pytest.fixture
def address(person: Visitor, engine: Engine) -> Callable[[str], str]:
    """Return a function that fills a list of the person's and returns its address."""
    assert person.get("/").status_code == 200

    def filled(path: str) -> str:
        with engine.begin() as connection:
            connection.execute(text(MEASURED[path][0]))
            return path.format(menu=connection.scalar(text(f"SELECT {MENU}")))

    return filled


def pages(person: Visitor, address: str | None) -> Iterator[str]:
    """Yield each page of a list, by the link to the next one."""
    while address is not None:
        answer = person.get(address)
        assert answer.status_code == 200
        yield answer.text
        found = re.search(r'rel="next" href="([^"]+)"', answer.text)
        address = unescape(found[1]) if found else None


def documents(person: Visitor, address: str | None) -> Iterator[dict[str, Any]]:
    """Yield each part of a list as JSON."""
    while address is not None:
        document = person.get(address, json=True).get_json()
        yield document
        address = document["next"]


@pytest.mark.parametrize("path", MEASURED)
def test_every_item_is_on_one_page(person: Visitor, address: Callable[[str], str], path: str) -> None:
    """No page is heavy, and the last one leads back to the first."""
    _, name, count, shown = MEASURED[path]
    begin = address(path)
    read = list(pages(person, begin))
    items = [item for page in read for item in re.findall(shown, page)]
    assert len(read) > 1
    assert len(items) == count
    assert max(map(len, read)) < 400_000
    assert 'rel="next"' not in read[-1]
    assert f'href="{begin}">Back to the first' in read[-1]
    documented = [item for document in documents(person, begin) for item in document[name]]
    assert len(documented) == count
    assert len({str(item) for item in documented}) == count


def test_a_menu_that_goes_meanwhile_hides_no_other(person: Visitor, address: Callable[[str], str]) -> None:
    """A part begins after the last one of the part before, whether that is still there or not."""
    begin = address("/menu/")
    first = person.get(begin, json=True).get_json()
    second = person.get(first["next"], json=True).get_json()["menus"]
    for menu in first["menus"][-2:]:
        assert person.post(f"/menu/{menu['id']}/delete").status_code == 303
    assert person.get(first["next"], json=True).get_json()["menus"] == second


@pytest.mark.parametrize(
    "path",
    [
        *("/menu/?after=soon", "/menu/?after=2026-11-23", "/menu/?after=2026-11-23~soon~now", "/menu/?after="),
        *("/recipes/opinions?page=0", "/larder/?page=first"),
    ],
)
def test_an_address_that_is_cut_off_is_refused(person: Visitor, path: str) -> None:
    answer = person.get(path, json=True)
    assert answer.status_code == 422
    assert answer.get_json()["detail"].startswith(("This address is not complete.", "Choose a page"))


def test_undone_edits_are_told_on_another_page(person: Visitor, address: Callable[[str], str]) -> None:
    """The edit that was undone and its undoing may be on different pages."""
    begin = address("/menu/{menu}/history")
    edits = [edit for document in documents(person, begin) for edit in document["edits"]]
    assert [edit["version"] for edit in edits if edit["undone"]] == [130]
    assert edits[0]["text"].startswith("Undone: ")


def test_what_was_searched_for_stays(person: Visitor, address: Callable[[str], str]) -> None:
    begin = address("/recipes/")
    found = list(pages(person, f"{begin}?q=stew"))
    assert len(found) == 3
    assert all("150 of your dishes" in page for page in found)

"""A menu that is not all that was asked for leads to the preferences in which a remedy is filled in."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.storage.database import Database
from tests.menu.requests import request_menu
from tests.visitor import Visitor

LARGE = {"calorie_goal": 6000}
IMPOSSIBLE = {"disliked_ingredients": ["vegetables", "fruit", "dairy", "meat", "legumes"]}


def made(person: Visitor, database: Database, wishes: dict[str, Any]) -> str:
    """Return the id of a menu made for a person with `wishes`."""
    stored = person.get("/preferences", json=True).get_json()
    assert person.post("/preferences", json={**stored, **wishes}).status_code == 200
    menu_id = request_menu(person)
    generate(JobContext(database=database), menu_id=menu_id)
    return menu_id


def links(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="(/preferences/suggested[^"]*)"', page)]


def fields(page: str) -> dict[str, list[str]]:
    """Return what the form of a page would send: its text fields, ticked boxes and text areas."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        boxes = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and value and (not boxes or " checked" in tag):
            found.setdefault(name[1], []).append(html.unescape(value[1]))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = [html.unescape(value.strip())]
    return found


@pytest.mark.parametrize(("wishes", "status"), [(LARGE, "ready"), (IMPOSSIBLE, "failed")])
def test_each_remedy_is_filled_in_and_saved_with_one_press(
    person: Visitor, database: Database, wishes: dict[str, Any], status: str
) -> None:
    """Nothing is stored before that, and the change is named."""
    menu_id = made(person, database, wishes)
    menu = person.get(f"/menu/{menu_id}", json=True).get_json()
    assert menu["status"] == status
    assert menu["remedies"]
    assert menu["warnings"][-len(menu["remedies"]) :] == [remedy["text"] for remedy in menu["remedies"]]
    addresses = links(person.get(f"/menu/{menu_id}").text)
    assert len(addresses) == len(menu["remedies"])
    before = person.get("/preferences", json=True).get_json()
    for address in addresses:
        page = person.get(address)
        assert page.status_code == 200
        assert "filled in for you, but not saved yet" in page.text
        assert person.get("/preferences", json=True).get_json() == before
    assert person.post("/preferences", fields(page.text)).status_code == 303
    assert "Your preferences are saved" in person.get("/preferences").text
    after = person.get("/preferences", json=True).get_json()
    changed = {name for name in before if name not in ("version", "dislikes_read") and after[name] != before[name]}
    assert changed
    assert changed <= {change["preference"] for change in menu["remedies"][-1]["changes"]}
    assert "You've made this change already" in html.unescape(person.get(addresses[-1]).text)


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "nonsense",
        "[" * 100_000,
        "{}",
        [{}],
        [{"action": "set", "preference": "version", "value": 3}],
        [{"action": "set", "preference": "calorie_goal", "value": 10**9}],
        [{"action": "set", "preference": "calorie_goal", "value": [1]}],
        [{"action": "add", "preference": "calorie_goal", "value": "1"}],
        [{"action": "add", "preference": "appliances", "value": "forge"}],
        [{"action": "add", "preference": "appliances", "value": {"a": 1}}],
        [{"action": "set", "preference": "macros", "value": [50, 50]}],
        [{"action": "set", "preference": "macros", "value": [50, 50, 50]}],
        [{"action": "set", "preference": "meal_times", "value": ["lunch"]}],
        [{"action": "set", "preference": "meal_times", "value": [["tea", "17:00"]]}],
    ],
)
def test_an_address_with_a_change_that_does_not_exist_is_refused(person: Visitor, changes: Any) -> None:
    text = changes if isinstance(changes, str) else json.dumps(changes)
    answer = person.get(f"/preferences/suggested?changes={quote(text)}")
    assert answer.status_code == 422

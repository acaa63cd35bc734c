"""Things of one's own on a list, beside what the meals need."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.shopping.lists import DAYS, LIST, ZERO, own, tick
from tests.visitor import Visitor


def test_an_item_of_ones_own_stays_until_it_is_bought(person: Visitor) -> None:
    """It goes over to later lists, and what is bought does not."""
    item = str(uuid.uuid4())
    for _ in range(2):
        person.post("/shopping/items", {**DAYS, "id": item, "text": "Kitchen roll"})
    later = "/shopping/?from=2026-12-07&to=2026-12-08"
    assert own(person) == own(person, later) == [("Kitchen roll", "open")]
    assert own(person, "/shopping/?from=2026-11-01&to=2026-11-02") == []
    tick(person, item=item, state="bought")
    assert (own(person), own(person, later)) == ([("Kitchen roll", "bought")], [])
    assert person.post(f"/shopping/items/{item}/remove", DAYS).status_code == 303
    assert own(person) == []


def test_what_is_written_on_a_page_that_was_gone_back_to_is_an_item_too(person: Visitor) -> None:
    """Its form has the id of the item before."""
    for text in ("Kitchen roll", "Candles", "Candles"):
        person.post("/shopping/items", {**DAYS, "id": ZERO, "text": text})
    assert sorted(own(person)) == [("Candles", "open"), ("Kitchen roll", "open")]


@pytest.mark.parametrize("text", ["x" * 10_000, "", " \u202e\x07 "])
def test_an_item_that_cannot_be_read_is_refused_and_not_lost(person: Visitor, text: str) -> None:
    """The form shows it again."""
    answer = person.post("/shopping/items", {**DAYS, "text": text})
    assert answer.status_code == 422
    assert "1 to 200 characters" in answer.text
    assert text.strip("\x07 ") in answer.text
    assert own(person) == []


def test_an_item_keeps_its_script_and_loses_what_is_not_seen(person: Visitor) -> None:
    person.post("/shopping/items", {**DAYS, "text": "\u202eחלב\u200f  טרי\x00".replace("\x00", "\x07")})
    assert own(person) == [("חלב טרי", "open")]
    assert '<b dir="auto">חלב טרי</b>' in person.get(LIST).text


def test_a_list_holds_so_many_things_of_ones_own(person: Visitor, rows: Callable[..., Any]) -> None:
    rows(
        "INSERT INTO shopping_items (user_id, id, first_day, last_day, text) SELECT users.id, gen_random_uuid(), "
        "'2026-11-23', '2026-11-24', 'Roll' FROM users, generate_series(1, 200)"
    )
    answer = person.post("/shopping/items", {**DAYS, "text": "One more"})
    assert (answer.status_code, "One more" in answer.text) == (422, True)

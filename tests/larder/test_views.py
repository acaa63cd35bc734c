"""The larder on its page and as JSON."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.visitor import Visitor


def larder(person: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = person.get("/larder/", json=True).get_json()
    return found


def texts(person: Visitor) -> list[tuple[str, str, str | None]]:
    return [(item["name"], item["text"], item["best_before"]) for item in larder(person)["items"]]


def test_a_food_is_added_by_what_people_call_it(person: Visitor) -> None:
    answer = person.post("/larder/", {"food": "Spinnach", "amount": "2 bags", "best_before": ""})
    assert answer.status_code == 303
    assert texts(person) == [("Spinach", "2 bags (200 g each)", None)]
    page = person.get("/larder/").text
    assert "Vegetables and herbs" in page
    assert "2 bags (200 g each)" in page


def test_a_name_of_several_foods_asks_which_and_keeps_what_was_typed(person: Visitor) -> None:
    sent = {"food": "chickpeas", "amount": "2 tins", "best_before": "2027-03-01"}
    answer = person.post("/larder/", sent)
    assert answer.status_code == 422
    assert 'value="2 tins"' in answer.text
    assert 'value="2027-03-01"' in answer.text
    assert 'name="food_id" value="chickpeas-canned"' in answer.text
    assert person.post("/larder/", {**sent, "food_id": "chickpeas-canned"}).status_code == 303
    assert texts(person) == [("Chickpeas", "2 tins (400 g each)", "2027-03-01")]


def test_a_choice_for_another_name_does_not_count(person: Visitor) -> None:
    """The name was typed anew after the choice was offered."""
    person.post("/larder/", {"food": "onion", "food_id": "chickpeas-canned", "amount": "3"})
    assert texts(person) == [("Onions", "3", None)]


def test_a_date_that_is_over_is_taken_and_said(person: Visitor) -> None:
    answer = person.post("/larder/", json={"food": "onion", "amount": "3", "best_before": "2020-01-01"})
    assert answer.get_json()["message"] == "Onions: added. Its best-before date is over."
    assert "look and smell before you use it" in person.get("/larder/").text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"amount": "0"}, "amount", "more than nothing"),
        ({"amount": "-2"}, "amount", "more than nothing"),
        ({"amount": "NaN"}, "amount", "more than nothing"),
        ({"amount": "1e9"}, "amount", "more than nothing"),
        ({"amount": "999999 kg"}, "amount", "at most 100 kg"),
        ({"amount": "3 furlongs"}, "amount", "such as 400 g"),
        ({"amount": ""}, "amount", "such as 400 g"),
        ({"amount": "9" * 10_000}, "amount", "such as 400 g"),
        ({"food": "unobtainium"}, "food", "We know no food by that name"),
        ({"food": "x" * 10_000}, "food", "in a word or two"),
        ({"food": ""}, "food", "in a word or two"),
        ({"food": "onion", "food_id": "unobtainium"}, "food", "in a word or two"),
        ({"best_before": "tomorrow"}, "best_before", "Enter a date such as"),
        ({"best_before": "0001-01-01"}, "best_before", "Enter a date such as"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(
    person: Visitor, changes: dict[str, str], field: str, words: str
) -> None:
    sent = {"food": "onion", "amount": "3", "best_before": "2027-03-01", **changes}
    answer = person.post("/larder/", sent)
    assert answer.status_code == 422
    assert words in answer.text
    for name in ("food", "amount", "best_before"):
        assert re.search(f'name="{name}"[^>]* value="{sent[name]}"', answer.text)
    problem = person.post("/larder/", json=sent)
    assert list(problem.get_json()["errors"]) == [field]
    assert texts(person) == []


def test_an_item_is_changed_and_removed(person: Visitor) -> None:
    person.post("/larder/", json={"food": "onion", "amount": "3"})
    (item,) = larder(person)["items"]
    path = f"/larder/{item['id']}"
    assert person.post(path, json={"amount": "2", "seen": str(item["grams"])}).status_code == 200
    assert texts(person) == [("Onions", "2", None)]
    late = person.post(path, {"amount": "1", "seen": str(item["grams"])})
    assert late.status_code == 409
    assert "This amount has changed since you opened the page" in late.text
    assert re.search(r'name="amount"[^>]* value="1"', late.text)
    bad = person.post(path, {"amount": "lots", "seen": "220"})
    assert bad.status_code == 422
    assert re.search(r'name="amount"[^>]* value="lots"', bad.text)
    assert person.post(f"{path}/remove", {}).status_code == 303
    assert texts(person) == []
    assert person.post(path, json={"amount": "2", "seen": "220"}).status_code == 404


def test_saving_the_words_that_were_shown_changes_nothing(person: Visitor) -> None:
    """The exact amount stands behind rounded words."""
    person.post("/larder/", json={"food": "spinach", "amount": "123 g"})
    (item,) = larder(person)["items"]
    sent = {"amount": item["text"], "shown": item["text"], "seen": str(item["grams"]), "best_before": "2027-01-31"}
    assert (item["text"], person.post(f"/larder/{item['id']}", json=sent).status_code) == ("125 g", 200)
    assert [(one["grams"], one["best_before"]) for one in larder(person)["items"]] == [(123, "2027-01-31")]


def test_a_food_is_always_there_until_it_is_not(person: Visitor) -> None:
    person.post("/larder/", {"food": "salt", "always": "yes", "amount": ""})
    assert larder(person)["always_there"] == [{"food": "salt", "name": "Table salt"}]
    assert person.post("/larder/always", json={"food_id": "unobtainium"}).status_code == 422
    person.post("/larder/always", {"food_id": "salt", "always": "no"})
    assert larder(person)["always_there"] == []


def test_what_the_larder_does_is_chosen(person: Visitor) -> None:
    usual = {"subtract": True, "fill": False, "empty": True, "staples": False, "use_soon": False}
    assert larder(person)["settings"] == usual
    person.post("/larder/settings", {"fill": "yes", "use_soon": "yes"})
    assert larder(person)["settings"] == {**dict.fromkeys(usual, False), "fill": True, "use_soon": True}
    assert person.post("/larder/settings", json=usual).status_code == 200
    assert larder(person)["settings"] == usual


def test_the_larder_of_another_person_is_neither_shown_nor_changed(person: Visitor) -> None:
    person.post("/larder/", json={"food": "onion", "amount": "3"})
    (item,) = larder(person)["items"]
    other = Visitor(person.app, "other@example.org")
    other.register()
    assert larder(other)["items"] == []
    assert other.post(f"/larder/{item['id']}", json={"amount": "1", "seen": "330"}).status_code == 404
    other.post(f"/larder/{item['id']}/remove", {})
    assert len(larder(person)["items"]) == 1

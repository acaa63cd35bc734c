"""What could be served at a place of a menu: what is suggested, and what a search finds."""

from __future__ import annotations

import pytest

from tests.menu.editing.planned import Browser
from tests.visitor import Visitor

FIGURES = ("kcal", "protein_g", "carbohydrate_g", "fat_g")


def test_alternatives_say_what_each_does_to_the_day_and_the_swap_does_it(week: Browser) -> None:
    """Three to six others, with the figures of the day after, and why."""
    dinner = week.meal(1, "dinner")
    found = week.alternatives(dinner)
    assert 3 <= len(found) <= 6
    assert dinner["recipe"]["id"] not in {one["recipe"]["id"] for one in found}
    assert all(one["reason"] and one["allowed"] for one in found)
    chosen = found[-1]
    week.edit(dinner, "swap", recipe_id=chosen["recipe"]["id"])
    after = week.meal(1, "dinner")
    assert (after["id"], after["recipe"]["id"], after["portion"]) == (
        dinner["id"], chosen["recipe"]["id"], chosen["portion"]
    )  # fmt: skip
    for figure in FIGURES:
        assert week.menu["days"][1]["totals"][figure] == pytest.approx(chosen["day"][figure], abs=0.11)


def test_a_surprise_is_another_dish_of_the_same_kind(week: Browser) -> None:
    before = week.meal(0, "breakfast")
    week.edit(before, "swap")
    assert week.meal(0, "breakfast")["recipe"]["id"] != before["recipe"]["id"]
    assert week.menu["version"] == 2


def test_a_dish_is_found_by_its_words_and_one_that_does_not_suit_says_why(person: Visitor, week: Browser) -> None:
    """What suits comes first; the rest names what stands in the way, and is refused when it is sent all the same."""
    preferences = person.get("/preferences", json=True).get_json()
    person.post("/preferences", json={**preferences, "dietary_restrictions": ["peanuts"]})
    found = week.alternatives(week.meal(0, "dinner"), q="peanut")
    refused = next(one for one in found if not one["allowed"])
    assert "peanut" in refused["reason"].lower()
    answer = week.send(week.meal(0, "dinner"), "swap", recipe_id=refused["recipe"]["id"])
    assert answer.status_code == 422
    assert refused["reason"] in answer.get_json()["detail"]
    assert week.look()["version"] == 1


def test_a_search_shows_first_what_suits_the_day_best(week: Browser) -> None:
    """The best of all dishes stands before the others that have its words in their names."""
    dinner = week.meal(1, "dinner")
    best = week.alternatives(dinner)[0]["recipe"]
    for word in (word for word in best["title"].split() if len(word) > 3):
        found = week.alternatives(dinner, q=word)
        assert found[0]["recipe"] == best, word


def test_suggestions_that_all_miss_the_target_are_not_said_to_fit(person: Visitor, week: Browser) -> None:
    dinner = week.meal(1, "dinner")
    assert "These fit well" in person.get(week.address(dinner, "alternatives")).text
    week.edit(week.meal(1, "lunch"), "portion", portion=4)
    page = person.get(week.address(dinner, "alternatives")).text
    assert "These come closest" in page
    assert "These fit well" not in page


def test_a_search_that_is_too_long_is_told_where_it_was_typed(week: Browser) -> None:
    """With the words still there; programs get the sentence too."""
    address = week.address(week.meal(1, "dinner"), "alternatives") + "?q=" + "lentils" * 15
    page = week.visitor.get(address)
    assert page.status_code == 422
    assert '<p class="wrong" id="q-error">Search with at most 100 characters.</p>' in page.text
    assert f'value="{"lentils" * 15}"' in page.text
    assert week.visitor.get(address, json=True).get_json()["detail"] == "Search with at most 100 characters."

"""The steps of a first visit: each is a part of the preferences, and the last one leads to a menu."""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import Any

import pytest

from mealplanner.preferences.page import first_days
from mealplanner.preferences.splits import SPLITS
from mealplanner.preferences.values import Preferences
from tests.preferences.form import stored
from tests.visitor import Visitor

FOOD: dict[str, Any] = {"version": "0", "diet_type": "vegan", "dietary_restrictions": ["keto", "peanuts"]}
NUMBERS = {"version": "1", "calorie_goal": "1800", "macro_protein": "22", "macro_carbs": "8", "macro_fat": "70"}
KITCHEN: dict[str, Any] = {
    "version": "2", "meals": ["lunch", "dinner"], "time_lunch": "12:00", "time_dinner": "18:00", "appliances": ["oven"],
    "prep_complexity": "20", "servings_per_meal": "2", "snacks_per_day": "0",
}  # fmt: skip
BODY = {"age": "30", "sex": "female", "height": "168", "weight": "65", "activity": "moderate", "goal": "keep"}


def shown(page: str) -> str:
    """Return a page as text without marks."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_three_steps_store_the_preferences_and_lead_to_a_menu(person: Visitor) -> None:
    first = person.post("/preferences/food", {**FOOD, "then": "next"})
    assert (first.status_code, first.location) == (303, "/preferences/numbers")
    second = person.post("/preferences/numbers", {**NUMBERS, "then": "next"})
    assert (second.status_code, second.location) == (303, "/preferences/kitchen")
    wanted = {**KITCHEN, "then": "menu", "days": "3", "start_date": "2026-11-30"}
    last = person.post("/preferences/kitchen", wanted)
    assert (last.status_code, last.location) == (307, "/menu/")  # the browser sends the same form there
    menu = person.post("/menu/", wanted)
    assert menu.status_code == 303
    asked = person.get(menu.location, json=True).get_json()
    assert (asked["start_date"], asked["targets"]["kcal"]) == ("2026-11-30", 1800)
    assert stored(person) == {
        **Preferences().as_dict(),
        "diet_type": "vegan",
        "dietary_restrictions": ["keto", "peanuts"],
        "calorie_goal": 1800,
        **SPLITS["keto"].fields,
        "meal_times": {"lunch": "12:00", "dinner": "18:00"},
        "appliances": ["oven"],
        "prep_complexity": 20,
        "servings_per_meal": 2,
        "snacks_per_day": 0,
        "version": 3,
    }


def test_a_step_leaves_the_other_parts_as_they_are(person: Visitor) -> None:
    person.post("/preferences/numbers", {**NUMBERS, "version": "0"})
    person.post("/preferences/food", {**FOOD, "version": "1"})
    assert stored(person)["calorie_goal"] == 1800
    assert 'value="1800"' in person.get("/preferences/numbers").text


def test_going_back_keeps_what_was_typed(person: Visitor) -> None:
    back = person.post("/preferences/numbers", {**NUMBERS, "version": "0", "then": "back"})
    assert (back.status_code, back.location) == (303, "/preferences/food")
    assert stored(person)["calorie_goal"] == 1800


def test_the_last_step_can_be_saved_without_a_menu(person: Visitor) -> None:
    saved = person.post("/preferences/kitchen", {**KITCHEN, "version": "0", "then": "next"})
    assert (saved.status_code, saved.location) == (303, "/preferences")
    assert "Make next week" in person.get("/preferences").text


@pytest.mark.parametrize(
    ("part", "form", "change", "message"),
    [
        ("food", FOOD, {"diet_type": "air"}, "Choose one of omnivore"),
        ("numbers", NUMBERS, {"macro_fat": "60"}, "must add up to 100 percent; these add up to 90"),
        ("kitchen", KITCHEN, {"meals": []}, "Choose at least one meal of the day."),
    ],
)
def test_a_mistake_comes_back_in_its_step_with_what_was_typed(
    person: Visitor, part: str, form: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    answer = person.post(f"/preferences/{part}", {**form, "version": "0", **change})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'action="/preferences/{part}"' in answer.text
    assert stored(person)["version"] == 0


def test_a_step_that_was_saved_elsewhere_shows_both_versions(person: Visitor) -> None:
    person.post("/preferences/numbers", {**NUMBERS, "version": "0"})
    answer = person.post("/preferences/numbers", {**NUMBERS, "version": "0", "calorie_goal": "2222"})
    assert answer.status_code == 409
    assert "Calorie goal 2222 1800" in shown(answer.text)
    assert "Appliances" not in shown(answer.text)


def test_an_unknown_part_is_a_404(person: Visitor) -> None:
    assert person.get("/preferences/garden").status_code == 404
    assert person.post("/preferences/garden", FOOD).status_code == 404


@pytest.mark.parametrize("path", ["/preferences", "/preferences/numbers"])
def test_a_person_is_helped_to_find_their_calories(person: Visitor, path: str) -> None:
    """On the page that they came from, with everything else that they typed, and nothing is stored."""
    typed = {**NUMBERS, "version": "0", "diet_type": "vegan", "calorie_goal": "", **BODY}
    answer = person.post(f"{path}/energy", typed)
    assert answer.status_code == 200
    assert "About 2,200 kcal a day would suit you." in shown(answer.text)
    assert re.search(r'name="calorie_goal"[^>]* value="2200"', answer.text)
    assert re.search(r'name="macro_fat"[^>]* value="70"', answer.text)
    assert re.search(r'name="height"[^>]* value="168"', answer.text)
    assert stored(person)["version"] == 0


def test_who_cannot_be_helped_is_told_why_at_the_field(person: Visitor) -> None:
    answer = person.post("/preferences/numbers/energy", {**NUMBERS, **BODY, "age": "15"})
    assert answer.status_code == 422
    assert "This equation is for adults only." in answer.text
    assert 'href="#age"' in answer.text
    assert re.search(r'name="height"[^>]* value="168"', answer.text)


def test_a_bare_number_is_in_the_units_of_the_person(person: Visitor) -> None:
    person.post("/auth/account/settings", {"time_zone": "America/New_York", "units": "imperial"})
    found = person.post("/preferences/energy", json={**BODY, "height": "66", "weight": 143}).get_json()
    assert found == {"kcal": 2200, "resting": 1385, "day": 2217, "notes": []}


def test_programs_are_told_what_is_wrong_with_a_body(person: Visitor) -> None:
    refused = person.post("/preferences/energy", json={**BODY, "height": "tall", "age": "", "expecting": "maybe"})
    assert refused.status_code == 422
    assert refused.get_json()["errors"].keys() == {"height", "age", "expecting"}


@pytest.mark.parametrize(("name", "split"), SPLITS.items())
def test_a_usual_split_is_filled_in(person: Visitor, name: str, split: Any) -> None:
    answer = person.post("/preferences/numbers/split", {**NUMBERS, "version": "0", "split": name})
    assert answer.status_code == 200
    for field, percent in split.fields.items():
        assert re.search(rf'name="{field}"[^>]* value="{percent}"', answer.text)
    assert sum(split.fields.values()) == 100
    assert answer.text.count('aria-pressed="true"') == 1
    assert stored(person)["version"] == 0


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-11-25", ["Today, Wed 25 Nov", "Tomorrow, Thu 26 Nov", "Mon 30 Nov"]),
        ("2026-11-29", ["Today, Sun 29 Nov", "Tomorrow, Mon 30 Nov"]),
        ("2026-11-30", ["Today, Mon 30 Nov", "Tomorrow, Tue 1 Dec", "Mon 7 Dec"]),
    ],
)
def test_the_first_day_is_near(today: str, words: list[str]) -> None:
    found = [label for _, label in first_days(datetime.date.fromisoformat(today))]
    assert [label.replace("\N{NO-BREAK SPACE}", " ") for label in found] == words


def test_next_week_begins_on_the_first_day_that_is_not_planned(person: Visitor, rows: Any) -> None:
    """After every menu that touches the one before, and in a gap between two."""

    def ask(start: str, days: int) -> str:
        assert person.post("/menu/", {"start_date": start, "days": str(days)}).status_code == 303
        rows("UPDATE menus SET status = 'ready'")
        ((begun,),) = rows("SELECT start_date FROM menus ORDER BY created_at DESC LIMIT 1")
        return str(begun)

    today = datetime.date.fromisoformat(ask("next", 2))
    ask((today + datetime.timedelta(days=2)).isoformat(), 3)
    ask((today + datetime.timedelta(days=9)).isoformat(), 1)
    assert ask("next", 1) == (today + datetime.timedelta(days=5)).isoformat()


def test_the_next_step_says_which_dislike_was_not_understood(person: Visitor) -> None:
    person.post("/preferences/food", {**FOOD, "disliked_ingredients": "olives, unobtainium", "then": "next"})
    page = person.get("/preferences/numbers").text
    assert "We did not understand “unobtainium”" in shown(page)
    assert 'href="/preferences/food#dislikes-read"' in page


def test_a_cuisine_that_is_no_longer_offered_stays_chosen(person: Visitor) -> None:
    page = person.get("/preferences/food").get_data(as_text=True)
    assert 'value="greek"' in page
    assert 'value="international"' not in page
    person.post("/preferences/food", FOOD | {"recipe_type": ["international"]})
    assert 'value="international"' in person.get("/preferences/food").get_data(as_text=True)

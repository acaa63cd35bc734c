"""Preferences as a form and as JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from mealplanner.preferences.values import Preferences
from tests.preferences.form import FORM, STORED, stored
from tests.visitor import Visitor


def test_a_new_person_has_sensible_defaults(person: Visitor) -> None:
    """So a menu can be asked for at once."""
    assert stored(person) == {**Preferences().as_dict(), "version": 0}
    assert person.get("/preferences").status_code == 200


def test_the_form_stores_all_fields(person: Visitor) -> None:
    """Blanks and repeats in lists are tidied, everything else is stored as it is."""
    assert person.post("/preferences", FORM).status_code == 303
    assert stored(person) == STORED
    assert "Your preferences are saved." in person.get("/preferences").text


def test_json_stores_the_same_fields(person: Visitor) -> None:
    """A script reads them, changes one and sends them back."""
    wanted = {**stored(person), "diet_type": "keto"}
    answer = person.post("/preferences", json=wanted)
    assert answer.get_json() == person.get("/preferences", json=True).get_json()
    assert stored(person) == {**wanted, "version": 1}


def test_how_often_there_is_meat_or_fish_is_stored_where_the_diet_leaves_it_open(person: Visitor) -> None:
    person.post("/preferences", {**FORM, "diet_type": "omnivore", "meat_or_fish": "some"})
    assert stored(person)["meat_or_fish"] == "some"
    page = person.get("/preferences").text
    assert 'name="meat_or_fish" value="some" checked' in page
    person.post("/preferences", {**FORM, "version": "1", "meat_or_fish": "some"})
    assert stored(person)["meat_or_fish"] == "any"
    wrong = person.post("/preferences", json={**stored(person), "meat_or_fish": "often"})
    assert "Choose one of any, most, some, never." in str(wrong.get_json()["errors"])


def test_a_suggested_change_leaves_the_minutes_of_weekdays_as_they_are(person: Visitor) -> None:
    person.post("/preferences", FORM)
    changes = json.dumps([{"action": "set", "preference": "snacks_per_day", "value": 2}])
    page = person.get(f"/preferences/suggested?changes={quote(changes)}").text
    assert page.count('<option value="90" selected>') == 1


def test_limits_of_a_day_are_shown_kept_by_a_suggestion_and_refused_out_of_range(person: Visitor) -> None:
    person.post("/preferences", FORM)
    changes = json.dumps([{"action": "set", "preference": "snacks_per_day", "value": 2}])
    for path in ("/preferences", f"/preferences/suggested?changes={quote(changes)}"):
        page = person.get(path).text
        assert 'name="grams_salt_g" inputmode="decimal" autocomplete="off" value="4.5"' in page
        assert 'name="limit_sugars_g" value="off" checked' in page
        assert 'name="limit_fibre_g" value="recommended" checked' in page
    wrong = person.post("/preferences", {**FORM, "version": "1", "grams_salt_g": "500"})
    assert (wrong.status_code, "Salt, at most: enter from 1 to 30 g a day." in wrong.text) == (422, True)
    unread = person.post("/preferences", {**FORM, "version": "1", "grams_salt_g": "some"})
    assert "Enter the grams of a day." in unread.text


def test_the_minutes_of_weekdays_are_shown_and_taken_back(person: Visitor) -> None:
    """Also ones that the form does not propose."""
    person.post("/preferences", FORM)
    person.post("/preferences", json={**stored(person), "minutes_by_weekday": {"tuesday": 25}})
    page = person.get("/preferences").text
    assert '<option value="25" selected>25 min</option>' in page
    person.post("/preferences", {**FORM, "version": "2", "minutes_tuesday": "", "minutes_sunday": ""})
    assert stored(person)["minutes_by_weekday"] == {}
    wrong = person.post("/preferences", json={**stored(person), "minutes_by_weekday": {"someday": 25}})
    assert "The days are monday to sunday." in str(wrong.get_json()["errors"])


def test_how_a_week_hangs_together_is_shown_and_checked(person: Visitor) -> None:
    """What a script leaves out is medium."""
    person.post("/preferences", FORM)
    page = person.get("/preferences").text
    assert 'name="use_up" value="high" checked' in page
    assert 'name="short_days" value="medium" checked' in page
    sent = {name: value for name, value in stored(person).items() if name != "use_up"}
    assert person.post("/preferences", json=sent).get_json()["use_up"] == "medium"
    wrong = person.post("/preferences", json={**stored(person), "same_meals": "always"})
    assert "Choose one of off, low, medium, high." in str(wrong.get_json()["errors"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"macro_fat": "30"}, "must add up to 100 percent; these add up to 105"),
        ({"diet_type": "breatharian"}, "Choose one of omnivore, vegetarian"),
        ({"calorie_goal": "799"}, "Enter a whole number from 800 to 6,000 kcal a day."),
        ({"calorie_goal": "plenty"}, "Enter a whole number from 800 to 6,000 kcal a day."),
        ({"calorie_goal": ""}, "Enter a whole number from 800 to 6,000 kcal a day."),
        ({"macro_protein": "20.5"}, "Enter a whole number from 0 to 100 percent."),
        ({"dietary_restrictions": ["vampires"]}, "There is no restriction called"),
        ({"appliances": ["forge"]}, "There is no appliance called"),
        ({"meals": []}, "Choose at least one meal of the day."),
        ({"time_breakfast": "half past"}, "Enter a time like 08:00."),
        ({"snacks_per_day": "5"}, "Enter a whole number from 0 to 4."),
        ({"minutes_tuesday": "600"}, "Enter a whole number from 5 to 240 minutes."),
        ({"servings_per_meal": "0"}, "Enter a whole number from 1 to 12."),
        ({"disliked_ingredients": "x" * 121}, "Use 1 to 120 characters for each food."),
        (
            {"disliked_ingredients": "\n".join(f"food {n}" for n in range(101))},
            "Name at most 100 foods. These are 101.",
        ),
        ({"disliked_ingredients": "\n".join(f"a{n}/b/c/d" for n in range(26))}, "Name at most 100 foods."),
        ({"version": "last"}, "Enter a whole number"),
    ],
)
def test_a_wrong_field_is_explained_and_nothing_typed_is_lost(
    person: Visitor, change: dict[str, Any], message: str
) -> None:
    """422 with the message at the field; the other fields stay as typed and nothing is stored."""
    answer = person.post("/preferences", {**FORM, "calorie_goal": "1750", **change})
    assert answer.status_code == 422
    assert message in answer.text
    assert "aubergines" in answer.text or "disliked_ingredients" in change
    assert 'value="1750"' in answer.text or "calorie_goal" in change
    assert stored(person)["version"] == 0


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"appliances": [{}]}, "appliances", "Send a list of appliances."),
        ({"dietary_restrictions": [["soy"]]}, "dietary_restrictions", "Send a list of restrictions."),
        ({"recipe_type": {"indian": 1}}, "recipe_type", "Send a list of cuisines."),
        ({"disliked_ingredients": [None]}, "disliked_ingredients", "Send a list of foods."),
        ({"meal_times": []}, "meal_times", "Send meals with their times."),
        ({"meal_times": {"lunch": {}}}, "meal_times", "Enter a time like 08:00."),
        ({"meal_times": {"lunch": "\u0661\u0662:\u0663\u0660"}}, "meal_times", "Enter a time like 08:00."),
        ({"calorie_goal": "\u0661\u0668\u0660\u0660"}, "calorie_goal", "Enter a whole number from 800 to 6,000"),
        ({"calorie_goal": 1800.5}, "calorie_goal", "Enter a whole number from 800 to 6,000"),
        ({"snacks_per_day": True}, "snacks_per_day", "Enter a whole number from 0 to 4."),
        ({"diet_type": []}, "diet_type", "Choose one of omnivore"),
    ],
    ids=str,
)
def test_json_of_another_shape_is_told_what_was_expected(
    person: Visitor, change: dict[str, Any], field: str, message: str
) -> None:
    answer = person.post("/preferences", json={**stored(person), **change})
    assert answer.status_code == 422
    (found,) = answer.get_json()["errors"][field]
    assert message in found


def test_numbers_and_times_are_read_as_people_type_them(person: Visitor) -> None:
    typed = {"calorie_goal": "1,800", "time_breakfast": "7:30", "disliked_ingredients": "\u202eolives"}
    assert person.post("/preferences", {**FORM, **typed}).status_code == 303
    found = stored(person)
    assert found["calorie_goal"] == 1800
    assert found["meal_times"]["breakfast"] == "07:30"
    assert found["disliked_ingredients"] == ["olives"]


def test_an_empty_form_says_what_each_field_wants(person: Visitor) -> None:
    """Never a server error, and nothing stored."""
    answer = person.post("/preferences", {})
    assert answer.status_code == 422
    assert "Choose at least one meal of the day." in answer.text
    assert stored(person)["version"] == 0


def test_forty_dislikes_are_fine(person: Visitor) -> None:
    """A picky eater is a customer too."""
    dislikes = [f"dislike {number}" for number in range(40)]
    assert person.post("/preferences", {**FORM, "disliked_ingredients": "\n".join(dislikes)}).status_code == 303
    assert stored(person)["disliked_ingredients"] == dislikes


def test_a_stale_form_is_refused_and_shows_both_versions(person: Visitor) -> None:
    """409; what was typed and what is stored stand side by side, and sending again stores what was typed."""
    person.post("/preferences", FORM)
    answer = person.post("/preferences", {**FORM, "calorie_goal": "2222"})
    assert answer.status_code == 409
    assert "2222" in answer.text
    assert "1800" in answer.text
    assert stored(person)["calorie_goal"] == 1800
    assert person.post("/preferences", {**FORM, "calorie_goal": "2222", "version": "1"}).status_code == 303
    assert (stored(person)["calorie_goal"], stored(person)["version"]) == (2222, 2)


def test_a_stale_json_is_a_409_with_the_difference(person: Visitor) -> None:
    """Programs see the same."""
    person.post("/preferences", FORM)
    wanted = {**stored(person), "calorie_goal": 2222, "version": 0}
    answer = person.post("/preferences", json=wanted)
    assert answer.status_code == 409
    assert answer.get_json()["conflict"] == [["Calorie goal", "2222", "1800"]]


@pytest.mark.parametrize(
    "body", [[], "text", {"meal_times": "now"}, {"dietary_restrictions": {"a": 1}}, {"diet_type": []}]
)
def test_json_of_any_shape_gets_a_clear_answer(person: Visitor, body: Any) -> None:
    """A client's mistake is never a server error."""
    assert person.post("/preferences", json=body).status_code in (400, 422)

"""Editing the meals of a menu through its addresses, by people and by programs."""

from __future__ import annotations

import html
import uuid
from typing import Any

import pytest

from tests.menu.editing.planned import Browser
from tests.menu.requests import request_menu
from tests.visitor import Visitor

FIGURES = ("kcal", "protein_g", "carbohydrate_g", "fat_g")


def test_each_edit_is_stored_and_counted(week: Browser) -> None:
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "lock")
    assert week.meal(1, "dinner")["locked"]
    week.edit(dinner, "note", note="  for Ann \N{RIGHT-TO-LEFT OVERRIDE}too\r\n")
    assert week.meal(1, "dinner")["note"] == "for Ann too"
    week.edit(dinner, "portion", portion=1.5, servings=4)
    assert (week.meal(1, "dinner")["portion"], week.meal(1, "dinner")["servings"]) == (1.5, 4)
    week.edit(dinner, "cooked", cooked="yes")
    week.edit(dinner, "eaten", eaten=True)
    assert (week.meal(1, "dinner")["cooked"], week.meal(1, "dinner")["eaten"]) == (True, True)
    week.edit(dinner, "eaten", eaten="no")
    week.edit(dinner, "unlock")
    assert (week.meal(1, "dinner")["locked"], week.meal(1, "dinner")["eaten"]) == (False, False)
    assert week.menu["version"] == 8
    week.edit(dinner, "note", note="")
    assert week.meal(1, "dinner")["note"] is None


def test_a_move_exchanges_two_meals_and_leaves_the_places(week: Browser) -> None:
    before = {(day["date"], meal["slot"]): meal["recipe"] for day in week.menu["days"] for meal in day["meals"]}
    monday, wednesday = week.meal(0, "dinner"), week.meal(2, "lunch")
    week.edit(monday, "move", date="2026-11-25", slot="lunch")
    after = {(day["date"], meal["slot"]): meal["recipe"] for day in week.menu["days"] for meal in day["meals"]}
    swapped = {
        ("2026-11-23", "dinner"): before["2026-11-25", "lunch"],
        ("2026-11-25", "lunch"): before["2026-11-23", "dinner"],
    }
    assert after == {**before, **swapped}
    assert (week.meal(0, "dinner")["id"], week.meal(2, "lunch")["id"]) == (wednesday["id"], monday["id"])


def test_a_dish_that_comes_to_today_and_had_to_be_begun_before_says_so(week: Browser) -> None:
    """By a move, by undoing it, and by a swap; on a later day nothing is said."""
    dinner, rice = week.meal(2, "dinner"), "Egg fried rice with peas and spring onion"
    late = f"“{rice}” (dinner on Monday 23 November) had to be begun the day before."
    (chosen,) = [one for one in week.alternatives(dinner, q="egg fried rice") if one["recipe"]["title"] == rice]
    assert chosen["reason"].startswith("Begun the day before")

    def told(address: str, **form: str) -> str:
        answer = week.visitor.post(address, {"version": str(week.look()["version"]), **form})
        assert answer.status_code == 303, answer.text
        return html.unescape(week.visitor.get(f"/menu/{week.id}").text)

    served = {"recipe_id": chosen["recipe"]["id"]}
    assert "had to be begun" not in told(week.address(dinner, "swap"), **served)
    assert late in told(week.address(dinner, "move"), date="2026-11-23", slot="dinner")
    assert "had to be begun" not in told(week.address(dinner, "portion"), servings="3")
    assert "had to be begun" not in told(week.address(dinner, "move"), date="2026-11-25", slot="dinner")
    assert late in told(f"/menu/{week.id}/undo")
    assert late.replace("dinner", "lunch") in told(week.address(week.meal(0, "lunch"), "swap"), **served)


def test_a_form_leads_back_to_the_day_and_says_what_was_done(week: Browser) -> None:
    dinner = week.meal(1, "dinner")
    answer = week.visitor.post(week.address(dinner, "lock"), {"version": "1"})
    assert answer.status_code == 303
    assert answer.location == f"/menu/{week.id}#day-2026-11-24"
    assert f"“{dinner['recipe']['title']}” is kept" in week.visitor.get(f"/menu/{week.id}").text.replace("&#39;", "'")
    back = week.visitor.post(week.address(dinner, "unlock"), {"version": "2", "next": "/"})
    assert back.location == "/"


def test_to_skip_a_meal_that_is_not_there_asks_nothing(week: Browser) -> None:
    """It is not found, also before it was ever chosen what becomes of the energy."""
    address = f"/menu/{week.id}/meals/{uuid.uuid4()}/skip"
    assert week.visitor.post(address, json={"version": 1}).status_code == 404
    assert week.visitor.post(address, {"version": "1"}).status_code == 404


def test_skipping_asks_once_and_remembers(week: Browser) -> None:
    """Until something is chosen it is asked for; the last choice is the default, in other menus too."""
    lunch, dinner = week.meal(1, "lunch"), week.meal(1, "dinner")
    asked = week.send(lunch, "skip")
    assert asked.status_code == 422
    assert "Choose what happens to its calories" in asked.get_json()["errors"]["energy"][0]
    week.edit(lunch, "skip", energy="reserved")
    week.edit(dinner, "skip")
    assert [week.meal(1, slot)["skipped"] for slot in ("lunch", "dinner")] == ["reserved", "reserved"]


def test_reserved_energy_still_counts_and_shared_energy_goes_to_the_other_meals(week: Browser) -> None:
    before = week.menu["days"][1]["totals"]
    lunch = week.meal(1, "lunch")
    week.edit(lunch, "skip", energy="reserved")
    assert week.menu["days"][1]["totals"] == before
    assert week.menu["days"][1]["minutes"] == sum(
        meal["recipe"]["minutes"] for meal in week.menu["days"][1]["meals"] if meal["id"] != lunch["id"]
    )
    week.edit(lunch, "unskip")
    week.edit(lunch, "skip", energy="shared")
    shared = week.menu["days"][1]
    assert week.meal(1, "lunch")["kcal"] == 0
    assert shared["totals"]["kcal"] == pytest.approx(week.menu["targets"]["kcal"], rel=0.1)
    assert sum(meal["portion"] for meal in shared["meals"] if meal["slot"] != "lunch") > 3
    for what, fields in (("skip", {"energy": "reserved"}), ("skip", {"energy": "shared"}), ("unskip", {})):
        week.edit(lunch, what, **fields)
        assert week.menu["days"][1]["totals"]["kcal"] == pytest.approx(week.menu["targets"]["kcal"], rel=0.1)


def test_a_meal_that_is_kept_stays_however_it_is_asked_for(week: Browser) -> None:
    """Not swapped, not moved, not moved away by another meal; the answer says what to do."""
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "lock")
    for what, meal, fields in (
        ("swap", dinner, {}),
        ("move", dinner, {"date": "2026-11-25", "slot": "dinner"}),
        ("move", week.meal(2, "dinner"), {"date": "2026-11-24", "slot": "dinner"}),
    ):
        answer = week.send(meal, what, **fields)
        assert answer.status_code == 409
        assert "Unlock it first" in answer.get_json()["detail"]
    assert week.look()["version"] == 2


def test_a_meal_that_was_eaten_stays_as_it_was(week: Browser) -> None:
    lunch = week.meal(0, "lunch")
    week.edit(lunch, "eaten", eaten="yes")
    for what, fields in (("swap", {}), ("portion", {"portion": 2}), ("skip", {"energy": "reserved"})):
        answer = week.send(lunch, what, **fields)
        assert answer.status_code == 409
        assert "as eaten" in answer.get_json()["detail"]
    week.edit(lunch, "note", note="good")


def test_a_body_that_says_json_and_is_empty_has_no_fields(week: Browser) -> None:
    week.edit(week.meal(1, "dinner"), "lock")
    headers = {"Content-Type": "application/json", "X-CSRFToken": week.visitor.token()}
    answer = week.visitor.client.post(f"/menu/{week.id}/undo", headers=headers)
    assert (answer.status_code, answer.get_json()["version"]) == (200, 3)


@pytest.mark.parametrize(
    ("what", "fields", "field", "message"),
    [
        ("portion", {"portion": 0}, "portion", "from ¼ to 4"),
        ("portion", {"portion": 100}, "portion", "from ¼ to 4"),
        ("portion", {"portion": "1.1"}, "portion", "in quarters"),
        ("portion", {"portion": "lots"}, "portion", "from ¼ to 4"),
        ("portion", {}, "portion", "from ¼ to 4"),
        ("portion", {"servings": 0}, "servings", "from 1 to 12"),
        ("portion", {"servings": 100}, "servings", "from 1 to 12"),
        ("swap", {"recipe_id": "pizza"}, "recipe_id", "Choose a dish by its id"),
        ("swap", {"recipe_id": ["a"]}, "recipe_id", "Choose a dish by its id"),
        ("swap", {"recipe_id": str(uuid.uuid4())}, "recipe_id", "There is no such dish"),
        ("swap", {"portion": 9}, "portion", "from ¼ to 4"),
        ("move", {"date": "2026-11-30", "slot": "dinner"}, "date", "Choose a day of this menu"),
        ("move", {"date": "soon", "slot": "dinner"}, "date", "Enter a date"),
        ("move", {"date": "2026-11-24", "slot": "tea"}, "slot", "Choose one of breakfast"),
        ("move", {"date": "2026-11-24", "slot": "snack", "time": "03:00"}, "slot", "has no snack at 03:00"),
        ("move", {"date": "2026-11-24"}, "slot", "Choose one of breakfast"),
        ("skip", {"energy": "wasted"}, "energy", "reserved or shared"),
        ("note", {"note": "x" * 10_000}, "note", "These are 10,000."),
        ("eaten", {"eaten": "perhaps"}, "eaten", "yes or no"),
        ("cooked", {}, "cooked", "yes or no"),
        ("lock", {"version": 9}, "version", "at version 1"),
        ("lock", {"version": 0}, "version", "the version of the menu that you saw"),
        ("lock", {"version": "first"}, "version", "the version of the menu that you saw"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    week: Browser, what: str, fields: dict[str, Any], field: str, message: str
) -> None:
    """With 422, and nothing is changed; a form comes back with what was typed."""
    dinner = week.meal(1, "dinner")
    answer = week.send(dinner, what, **fields)
    assert answer.status_code == 422, answer.text
    assert message in answer.get_json()["errors"][field][0]
    page = week.visitor.post(week.address(dinner, what), {"version": "1", **fields})
    assert page.status_code == 422
    assert message in page.text
    if what == "note":
        assert str(fields["note"]) in page.text
    assert week.look()["version"] == 1


@pytest.mark.parametrize(
    ("what", "fields", "field"),
    [("note", {"note": 7}, "note"), ("lock", {"version": None}, "version"), ("lock", {"version": {}}, "version")],
)
def test_programs_that_send_another_type_are_told(week: Browser, what: str, fields: dict[str, Any], field: str) -> None:
    answer = week.send(week.meal(1, "dinner"), what, **fields)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_the_meals_of_others_are_not_there(week: Browser, planned: Any) -> None:
    """Another person's menu, a meal of another menu of one's own, and a meal that never was are the same 404."""
    other = Visitor(week.visitor.app, "other@example.org")
    other.register()
    theirs, mine = planned(other), planned(week.visitor)
    stranger = Browser(week.visitor, week.id)
    for menu_id, meal_id in (
        (theirs.id, theirs.meal(0, "lunch")["id"]),
        (week.id, mine.meal(0, "lunch")["id"]),
        (week.id, str(uuid.uuid4())),
    ):
        address = f"/menu/{menu_id}/meals/{meal_id}"
        for path in (address, f"{address}/alternatives"):
            assert stranger.visitor.get(path).status_code == 404
        for what in ("swap", "lock", "unskip", "eaten"):
            sent = {"version": 1, "eaten": "yes"}
            assert stranger.visitor.post(f"{address}/{what}", json=sent).status_code == 404
    assert week.visitor.post(f"/menu/{theirs.id}/undo", json={}).status_code == 404
    assert week.visitor.get(f"/menu/{theirs.id}/history").status_code == 404


def test_undo_and_redo_walk_the_history_and_another_edit_ends_redoing(week: Browser) -> None:
    first = week.menu["days"]
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "swap")
    second = week.menu["days"]
    week.edit(week.meal(0, "lunch"), "note", note="hot")
    assert (week.menu["can_undo"], week.menu["can_redo"]) == (True, False)
    assert week.step("undo")["days"] == second
    assert week.step("undo")["days"] == first
    assert (week.menu["can_undo"], week.menu["can_redo"]) == (False, True)
    assert week.visitor.post(f"/menu/{week.id}/undo", json={}).status_code == 409
    assert week.step("redo")["days"] == second
    week.edit(week.meal(2, "lunch"), "lock")
    assert week.visitor.post(f"/menu/{week.id}/redo", json={}).status_code == 409
    assert week.step("undo")["days"] == second
    assert week.step("undo")["days"] == first
    assert week.menu["version"] == 9


def test_the_history_tells_every_edit_in_words(week: Browser) -> None:
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "swap")
    new = week.meal(1, "dinner")["recipe"]["title"]
    week.step("undo")
    week.edit(dinner, "note", note="<b>hot")
    edits = week.visitor.get(f"/menu/{week.id}/history", json=True).get_json()["edits"]
    swapped = f"Dinner on Tuesday 24 November: “{new}” instead of “{dinner['recipe']['title']}”."
    assert [edit["text"] for edit in edits] == [
        "Dinner on Tuesday 24 November: note “<b>hot”.", f"Undone: {swapped}", swapped,
    ]  # fmt: skip
    assert [(edit["version"], edit["what"], edit["undone"]) for edit in edits] == [
        (4, "note", False), (3, "undo", False), (2, "swap", True)
    ]  # fmt: skip
    page = week.visitor.get(f"/menu/{week.id}/history").text
    assert "note “&lt;b&gt;hot”" in page
    assert page.count("<del>") == 1


@pytest.mark.parametrize(
    ("note", "said"), [("for two", "“for two”."), ("Ask Ana.", "“Ask Ana.”"), ("more?", "“more?”")]
)
def test_a_note_that_ends_a_sentence_gets_no_second_full_stop(week: Browser, note: str, said: str) -> None:
    week.edit(week.meal(1, "dinner"), "note", note=note)
    (edit,) = week.visitor.get(f"/menu/{week.id}/history", json=True).get_json()["edits"]
    assert edit["text"].endswith(f": note {said}")


def test_a_part_of_a_serving_is_explained_where_it_is_chosen_and_cooked(week: Browser) -> None:
    """On the meal's page and on the recipe that is opened from it; whole servings speak for themselves."""
    dinner = week.meal(1, "dinner")
    week.edit(dinner, "portion", portion=2.75, servings=1)
    assert (
        "We size it so that your day meets its target."
        in week.visitor.get(f"/menu/{week.id}/meals/{dinner['id']}").text
    )
    recipe = f"/recipes/{dinner['recipe']['id']}?meal={dinner['id']}"
    explained = "2¾\N{NO-BREAK SPACE}servings, as planned for Tuesday."
    assert explained in week.visitor.get(recipe).text
    assert explained not in week.visitor.get(f"{recipe}&servings=5").text
    week.edit(dinner, "portion", portion=3)
    assert "as planned for" not in week.visitor.get(recipe).text


def test_an_unfinished_menu_cannot_be_changed(person: Visitor) -> None:
    menu_id = request_menu(person)
    assert person.post(f"/menu/{menu_id}/undo", json={}).status_code == 409
    assert person.post(f"/menu/{menu_id}/meals/{uuid.uuid4()}/lock", json={"version": 1}).status_code == 409
    assert person.get(f"/menu/{menu_id}/meals/{uuid.uuid4()}").status_code == 409

"""A week served once more, and a day on another day."""

from __future__ import annotations

import uuid
from itertools import chain
from typing import Any

from tests.clock import Clock
from tests.menu.editing.conftest import Plan
from tests.menu.editing.planned import Browser
from tests.visitor import Visitor

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"


def dishes(menu: dict[str, Any]) -> list[list[tuple[str, str, float]]]:
    """Return slot, dish and portion of every meal, by day."""
    return [[(meal["slot"], meal["recipe"]["id"], meal["portion"]) for meal in day["meals"]] for day in menu["days"]]


def repeat(visitor: Visitor, **fields: Any) -> dict[str, Any]:
    answer = visitor.post("/menu/repeat", json=fields)
    assert answer.status_code == 303, answer.text
    found: dict[str, Any] = visitor.get(answer.location, json=True).get_json()
    return found


def test_a_week_is_served_again_on_the_next_free_days(week: Browser) -> None:
    """Notes, marks and kept meals stay with the week in which they were made."""
    week.edit(week.meal(1, "lunch"), "note", note="for the train")
    week.edit(week.meal(1, "lunch"), "lock")
    again = repeat(week.visitor)
    assert (again["start_date"], again["status"], again["version"]) == (THURSDAY, "ready", 1)
    assert dishes(again) == dishes(week.look())
    assert not any(meal["locked"] or meal["note"] for day in again["days"] for meal in day["meals"])


def test_days_in_between_that_are_planned_are_left_alone(week: Browser) -> None:
    first = repeat(week.visitor)
    second = repeat(week.visitor, menu_id=week.id, idempotency_key=str(uuid.uuid4()))
    assert second["start_date"] == "2026-11-29"
    assert dishes(second) == dishes(first)


def test_a_dish_that_is_not_for_weekdays_is_not_repeated_on_one(week: Browser) -> None:
    """The days of the new week count: Monday's lunch would come on Thursday, Wednesday's on Saturday."""
    for day in (0, 2):
        dish = week.meal(day, "lunch")["recipe"]["id"]
        week.visitor.post(f"/recipes/{dish}/opinion", {"opinion": "not-weekdays", "held": "yes"})
    before, after = dishes(week.menu), dishes(repeat(week.visitor))
    for day, changed in enumerate((["lunch"], [], [])):
        assert [old[0] for old, new in zip(before[day], after[day], strict=True) if old[1] != new[1]] == changed


def test_only_the_last_week_of_a_longer_menu_is_repeated(person: Visitor, planned: Plan) -> None:
    longer = planned(person, days=9)
    again = repeat(person)
    assert again["start_date"] == "2026-12-02"
    assert dishes(again) == dishes(longer.menu)[2:]


def test_a_dish_that_does_not_suit_any_more_is_replaced_and_named(week: Browser) -> None:
    """By what the person says now, and not when the week was planned."""
    gone = week.meal(1, "dinner")["recipe"]
    week.visitor.post(f"/recipes/{gone['id']}/rate", {"value": "-1"})
    again = repeat(week.visitor)
    assert gone["id"] not in {dish for day in dishes(again) for _, dish, _ in day}
    assert any(gone["title"] in warning and "another dish in its place" in warning for warning in again["warnings"])
    before, after = dishes(week.menu), dishes(again)
    assert sum(one != other for one, other in zip(chain(*before), chain(*after), strict=True)) == 1


def test_portions_follow_a_new_target(week: Browser) -> None:
    preferences = week.visitor.get("/preferences", json=True).get_json()
    week.visitor.post("/preferences", json={**preferences, "calorie_goal": 2300})
    again = repeat(week.visitor)
    assert again["targets"]["kcal"] == 2300
    assert all(abs(day["totals"]["kcal"] - 2300) <= 0.05 * 2300 for day in again["days"])
    same = [{dish for _, dish, _ in day} for day in dishes(again)]
    assert same == [{dish for _, dish, _ in day} for day in dishes(week.menu)]


def test_meals_of_a_day_are_those_that_the_person_has_now(week: Browser) -> None:
    """A snack that was dropped is not repeated; one that is new is planned."""
    preferences = week.visitor.get("/preferences", json=True).get_json()
    week.visitor.post("/preferences", json={**preferences, "snacks_per_day": 0})
    again = repeat(week.visitor)
    assert [[meal["slot"] for meal in day["meals"]] for day in again["days"]] == [["breakfast", "lunch", "dinner"]] * 3


def test_sent_twice_it_is_one_menu(week: Browser) -> None:
    """So it is with a key, and on one day without."""
    for fields in ({"idempotency_key": str(uuid.uuid4())}, {"menu_id": week.id}):
        assert repeat(week.visitor, **fields)["id"] == repeat(week.visitor, **fields)["id"]


def test_without_a_menu_there_is_nothing_to_repeat(person: Visitor, week: Browser) -> None:
    newcomer = Visitor(person.app, "newcomer@example.org")
    newcomer.register()
    assert newcomer.post("/menu/repeat", json={}).status_code == 404
    assert newcomer.post("/menu/repeat", json={"menu_id": week.id}).status_code == 404
    assert newcomer.post("/menu/repeat", json={"menu_id": "last"}).status_code == 422


def copy(week: Browser, source: str, to: str, **fields: Any) -> Any:
    body = {"version": week.menu["version"], "from": source, "to": to, **fields}
    return week.visitor.post(f"/menu/{week.id}/copy-day", json=body)


def test_a_day_is_copied_and_the_copy_undone(week: Browser) -> None:
    before = dishes(week.menu)
    answer = copy(week, MONDAY, WEDNESDAY)
    assert answer.status_code == 200, answer.text
    week.menu = answer.get_json()
    assert dishes(week.menu) == [before[0], before[1], before[0]]
    assert dishes(week.step("undo")) == before


def test_what_is_skipped_stays_skipped_and_what_is_kept_is_not_overwritten(week: Browser) -> None:
    week.edit(week.meal(1, "snack"), "skip", energy="reserved")
    week.menu = copy(week, MONDAY, TUESDAY).get_json()
    assert week.meal(1, "snack")["skipped"] == "reserved"
    week.edit(week.meal(2, "lunch"), "lock")
    before = week.look()
    assert copy(week, MONDAY, WEDNESDAY).status_code == 409
    assert week.look() == before


def test_a_day_cannot_be_copied_where_that_makes_no_sense(week: Browser, clock: Clock) -> None:
    assert copy(week, MONDAY, "2026-12-01").status_code == 422
    assert copy(week, "2026-11-01", MONDAY).status_code == 422
    assert copy(week, MONDAY, MONDAY).status_code == 422
    assert copy(week, MONDAY, "").status_code == 422
    assert copy(week, MONDAY, TUESDAY, version=7).status_code == 409
    clock.wait(hours=24)
    answer = copy(week, TUESDAY, MONDAY)
    assert answer.status_code == 422
    assert "is over" in answer.text


def test_a_past_day_can_be_copied_forward(week: Browser, clock: Clock) -> None:
    clock.wait(hours=24)
    assert copy(week, MONDAY, WEDNESDAY).status_code == 200

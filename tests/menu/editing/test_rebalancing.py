"""A day or the rest of a menu planned again, around what is kept, eaten and past."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.rebalancing import job
from mealplanner.menu.rebalancing.job import give_up, rebalance
from mealplanner.storage.database import Database
from tests.clock import Clock
from tests.menu.editing.planned import MONDAY, Browser
from tests.visitor import Visitor

TUESDAY = "2026-11-24"
FIGURES = ("kcal", "protein_g", "carbohydrate_g", "fat_g")


@pytest.fixture(autouse=True)
def worker_clock(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Let the job's clock be that of the application."""
    monkeypatch.setattr(job, "utc_now", clock)


def send(week: Browser, **fields: Any) -> Any:
    body = {"version": week.menu["version"], **fields}
    return week.visitor.post(f"/menu/{week.id}/rebalance", json=body)


def work(database: Database, week: Browser) -> None:
    rebalance(JobContext(database=database), menu_id=week.id)


def progress(week: Browser) -> dict[str, Any]:
    found: dict[str, Any] = week.visitor.get(f"/menu/{week.id}/rebalance", json=True).get_json()
    return found


def unbalance(week: Browser, day: int) -> dict[str, Any]:
    """Eat half as much again at dinner, and keep that."""
    dinner = week.meal(day, "dinner")
    week.edit(dinner, "portion", portion=math.ceil(6 * dinner["portion"]) / 4)
    week.edit(dinner, "lock")
    assert off_target(week, day)
    return week.meal(day, "dinner")


def off_target(week: Browser, day: int) -> list[str]:
    totals, targets = week.menu["days"][day]["totals"], week.menu["targets"]
    return [name for name in FIGURES if abs(totals[name] - targets[name]) > 0.05 * targets[name]]


def test_a_day_is_balanced_at_once_around_what_is_kept(week: Browser) -> None:
    kept, others = unbalance(week, 1), week.menu["days"][2]
    before = off_target(week, 1)
    answer = send(week, day=TUESDAY)
    assert answer.status_code == 200, answer.text
    week.menu = answer.get_json()
    assert week.meal(1, "dinner") == kept
    assert len(off_target(week, 1)) < len(before)
    assert "kcal" not in off_target(week, 1)
    assert week.menu["days"][2] == others
    week.step("undo")
    assert "kcal" in off_target(week, 1)


def test_the_rest_is_balanced_by_a_worker_and_can_be_undone(week: Browser, database: Database) -> None:
    unbalance(week, 1)
    as_it_was = week.look()
    answer = week.visitor.post(f"/menu/{week.id}/rebalance", {"version": week.menu["version"]})
    assert (answer.status_code, answer.location) == (303, f"/menu/{week.id}/rebalance")
    assert progress(week)["status"] == "queued"
    assert "Balancing your menu" in week.visitor.get(f"/menu/{week.id}/rebalance").text
    work(database, week)
    assert progress(week)["status"] == "done"
    assert week.visitor.get(f"/menu/{week.id}/rebalance").location == f"/menu/{week.id}"
    assert week.look()["version"] == as_it_was["version"] + 1
    assert "kcal" not in off_target(week, 1)
    assert week.step("undo")["days"] == as_it_was["days"]


def test_what_is_past_eaten_cooked_skipped_or_kept_stays(week: Browser, database: Database, clock: Clock) -> None:
    """By the clock of Tuesday afternoon: its lunch was eaten, whether that was ticked or not."""
    for day, slot, what, fields in (
        (1, "dinner", "cooked", {"cooked": "yes"}),
        (1, "snack", "eaten", {"eaten": "yes"}),
        (2, "breakfast", "skip", {"energy": "reserved"}),
        (2, "lunch", "lock", {}),
    ):
        week.edit(week.meal(day, slot), what, **fields)
    week.edit(week.meal(2, "dinner"), "portion", portion=3)
    clock.wait(hours=26)
    before = week.look()
    assert send(week).status_code == 303
    work(database, week)
    assert progress(week)["status"] == "done"
    week.look()
    changed = {
        (day, meal["slot"])
        for day in range(3)
        for meal, then in zip(week.menu["days"][day]["meals"], before["days"][day]["meals"], strict=True)
        if meal != then
    }
    assert changed
    assert changed <= {(2, "snack"), (2, "dinner")}


def test_what_may_change_is_said_before_and_days_on_target_stay(week: Browser, database: Database) -> None:
    """Also when the week was on target but for a day or two."""
    kept = unbalance(week, 1)
    off = [day for day in range(len(week.menu["days"])) if off_target(week, day)]
    before = week.menu["days"]
    answer = week.visitor.get(f"/menu/{week.id}/rebalance/days", json=True).get_json()
    dates = [before[day]["date"] for day in off]
    assert (answer["version"], [day["date"] for day in answer["days"]]) == (week.menu["version"], dates)
    tuesday = answer["days"][dates.index(TUESDAY)]
    others = [meal["id"] for meal in before[1]["meals"] if meal["id"] != kept["id"]]
    assert (tuesday["may_change"], tuesday["stays"]) == (others, [kept["id"]])
    page = week.visitor.get(f"/menu/{week.id}/rebalance/days").text
    assert "Tuesday 24 November" in page
    assert all(before[1]["meals"][place]["recipe"]["title"] in page for place in range(len(before[1]["meals"])))
    send(week)
    work(database, week)
    after = week.look()["days"]
    assert after != before
    assert [day for day in range(len(before)) if after[day] != before[day]] == off


def test_where_every_day_is_on_target_nothing_changes(week: Browser, database: Database, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE menus SET targets = :targets"), {"targets": json.dumps(dict.fromkeys(FIGURES, 0))}
        )
        connection.execute(text("UPDATE meals SET kcal = 0, protein_g = 0, carbohydrate_g = 0, fat_g = 0"))
    before = week.look()
    assert "Every day to come is on target" in week.visitor.get(f"/menu/{week.id}/rebalance/days").text
    send(week)
    work(database, week)
    assert progress(week)["message"] == "Every day to come is on target, so nothing was changed."
    assert week.look() == before


def test_a_menu_that_was_changed_meanwhile_is_left_alone(week: Browser, database: Database) -> None:
    unbalance(week, 1)
    send(week)
    edited = week.edit(week.meal(2, "lunch"), "note", note="for the train")
    work(database, week)
    assert progress(week)["status"] == "changed"
    assert "You changed this menu meanwhile" in week.visitor.get(f"/menu/{week.id}/rebalance").text
    assert week.look() == edited


def test_an_edit_while_it_computes_wins(week: Browser, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is asked for again in the transaction that writes."""
    unbalance(week, 1)
    send(week)
    compute = job.balanced

    def slowly(*arguments: Any, **options: Any) -> Any:
        found = compute(*arguments, **options)
        week.edit(week.meal(2, "lunch"), "note", note="for the train")
        return found

    monkeypatch.setattr(job, "balanced", slowly)
    work(database, week)
    assert progress(week)["status"] == "changed"
    assert week.look()["version"] == week.menu["version"]
    assert week.meal(2, "lunch")["note"] == "for the train"
    assert off_target(week, 1)


def test_it_can_be_stopped(week: Browser, database: Database) -> None:
    unbalance(week, 1)
    send(week)
    before = week.look()
    assert week.visitor.post(f"/menu/{week.id}/rebalance/cancel").status_code == 303
    work(database, week)
    assert progress(week)["status"] == "cancelled"
    assert week.look() == before


def test_sent_twice_it_is_one_job(week: Browser, engine: Engine) -> None:
    assert [send(week).status_code for _ in range(2)] == [303, 303]
    with engine.connect() as connection:
        query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'menu.rebalance'"
        assert connection.scalar(text(query)) == 1


def test_when_every_attempt_failed_the_person_is_told(week: Browser, database: Database) -> None:
    send(week)
    give_up(JobContext(database=database), menu_id=week.id)
    assert progress(week)["status"] == "failed"
    assert "Your menu is as it was" in week.visitor.get(f"/menu/{week.id}/rebalance").text


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"day": "2026-11-22"}, 422, "Choose a day of this menu"),
        ({"day": "tomorrow"}, 422, "Enter a date"),
        ({"version": 9}, 422, "version"),
        ({"version": None}, 422, "version"),
    ],
)
def test_what_cannot_be_balanced_is_refused(week: Browser, fields: dict[str, Any], status: int, why: str) -> None:
    answer = send(week, **fields)
    assert answer.status_code == status
    assert why in answer.text


def test_a_day_that_is_over_stays_as_it_is(week: Browser, clock: Clock) -> None:
    clock.wait(hours=24)
    answer = send(week, day=MONDAY.isoformat())
    assert answer.status_code == 422
    assert "Monday 23 November is over" in answer.text


def test_an_older_version_is_refused(week: Browser) -> None:
    week.edit(week.meal(1, "lunch"), "lock")
    assert send(week, version=1).status_code == 409
    assert send(week, version=1, day=TUESDAY).status_code == 409


def test_where_everything_is_kept_there_is_nothing_to_balance(week: Browser) -> None:
    for meal in week.menu["days"][1]["meals"]:
        week.edit(meal, "lock")
    answer = send(week, day=TUESDAY)
    assert answer.status_code == 422
    assert "nothing left to balance" in answer.text


def test_the_menu_of_another_person_is_not_found(week: Browser) -> None:
    stranger = Visitor(week.visitor.app, "stranger@example.org")
    stranger.register()
    for path in ("rebalance", "rebalance/cancel"):
        assert stranger.post(f"/menu/{week.id}/{path}", json={"version": 1}).status_code == 404
    assert stranger.get(f"/menu/{week.id}/rebalance").status_code == 404

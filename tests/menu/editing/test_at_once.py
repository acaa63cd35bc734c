"""Edits that meet: real commits on the pool, and interleavings that are brought about rather than waited for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text

from mealplanner.db.testing import checked_out
from mealplanner.menu.editing import offers, services
from mealplanner.menu.editing.decisions import Serving
from mealplanner.menu.editing.errors import StaleMenu
from mealplanner.menu.models import Menu
from mealplanner.storage.database import Database
from tests.menu.editing.planned import NOON, Browser
from tests.together import at_once
from tests.visitor import Visitor
from tests.waiting import PATIENCE, eventually

Rows = Callable[..., list[Any]]


def again(week: Browser) -> Browser:
    """Open the same menu in another browser of the same person."""
    other = Visitor(week.visitor.app, week.visitor.email)
    assert other.sign_in().status_code == 303
    return Browser(other, week.id)


def versions(rows: Rows) -> list[int]:
    """Return the versions in the journal."""
    return [version for (version,) in rows("SELECT version FROM menu_edits ORDER BY version")]


def test_edits_of_different_meals_both_stand(week: Browser, rows: Rows) -> None:
    """Whatever version they saw, and each has an entry of its own."""
    meals = list(week.meals())[:6]
    browsers = [again(week) for _ in meals]
    notes = [
        lambda browser=browser, meal=meal: browser.send(meal, "note", note=meal["slot"])
        for browser, meal in zip(browsers, meals, strict=True)
    ]
    assert [answer.status_code for answer in at_once(*notes)] == [200] * 6
    week.look()
    assert week.menu["version"] == 7
    assert versions(rows) == [2, 3, 4, 5, 6, 7]
    assert [meal["note"] for meal in week.meals()][:6] == [meal["slot"] for meal in meals]


def test_of_two_edits_of_one_meal_the_second_is_told_and_loses_nothing(week: Browser, rows: Rows) -> None:
    other, dinner = again(week), week.meal(1, "dinner")
    answers = at_once(
        lambda: week.send(dinner, "note", note="mine"), lambda: other.send(dinner, "note", note="yours")
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert versions(rows) == [2]
    late = week.visitor.post(week.address(dinner, "note"), {"version": "1", "note": "what I typed"})
    assert late.status_code == 409
    assert "was changed since you opened this page" in late.text
    assert "what I typed" in late.text
    ((stored,),) = rows("SELECT note FROM meals WHERE note IS NOT NULL")
    assert f"with the note “{stored}”." in late.text
    assert 'name="version" value="2"' in late.text


def test_an_edit_waits_for_one_that_is_under_way_and_sees_what_it_did(
    week: Browser, database: Database, rows: Rows
) -> None:
    """The row of the menu is locked, so the second decides by what the first has stored."""
    dinner, lunch = week.meal(1, "dinner"), week.meal(1, "lunch")
    waiting = "SELECT FROM pg_stat_activity WHERE application_name = 'mealplanner' AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor(2) as threads:
        with database.unit_of_work() as unit:
            menu = unit.session.scalars(select(Menu).where(Menu.id == uuid.UUID(week.id)).with_for_update()).one()
            first = threads.submit(week.send, dinner, "lock")
            eventually(lambda: len(rows(waiting)) == 1, "an edit that waits")
            unit.session.execute(text("UPDATE meals SET changed_in = 2 WHERE id = :id"), {"id": dinner["id"]})
            unit.session.execute(
                text("INSERT INTO menu_edits VALUES (:id, 2, 'note', '{}', '{}', now(), NULL, NULL)"), {"id": menu.id}
            )
            menu.version = 2
            second = threads.submit(week.send, lunch, "lock")
            eventually(lambda: len(rows(waiting)) == 2, "two edits that wait")
            unit.commit()
        assert first.result(PATIENCE).status_code == 409
        assert second.result(PATIENCE).status_code == 200
    assert versions(rows) == [2, 3]


def test_a_step_back_that_is_sent_twice_is_made_once(week: Browser) -> None:
    """Also when both arrive together; a later one from the old page is refused."""
    week.edit(week.meal(1, "dinner"), "note", note="one")
    week.edit(week.meal(1, "dinner"), "note", note="two")
    undo = lambda: week.visitor.post(f"/menu/{week.id}/undo", json={"version": 3})  # noqa: E731
    assert [answer.status_code for answer in at_once(undo, undo)] == [200, 200]
    week.look()
    assert (week.menu["version"], week.meal(1, "dinner")["note"]) == (4, "one")
    week.edit(week.meal(0, "lunch"), "lock")
    assert undo().status_code == 409
    assert week.look()["version"] == 5


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch, database: Database) -> Callable[[str], tuple[Event, Event, list[int]]]:
    """Return a function that has one of `offers` wait between what is read and what is written."""

    def pause(name: str) -> tuple[Event, Event, list[int]]:
        begun, go_on, held = Event(), Event(), []
        compute = getattr(offers, name)

        def waiting(*arguments: Any, **options: Any) -> Any:
            held.append(checked_out(database.pooled))
            begun.set()
            assert go_on.wait(PATIENCE)
            return compute(*arguments, **options)

        monkeypatch.setattr(offers, name, waiting)
        return begun, go_on, held

    return pause


def test_no_connection_is_held_while_a_dish_is_chosen_and_the_proof_is_by_the_preferences_of_then(
    week: Browser, paused: Any
) -> None:
    """A person who becomes vegan while a dish with meat is being chosen is not served it."""
    dish = next(one for one in week.alternatives(week.meal(1, "dinner"), q="chicken") if one["allowed"])
    begun, go_on, held = paused("choose")
    other = again(week)
    with ThreadPoolExecutor(1) as threads:
        swap = threads.submit(week.send, week.meal(1, "dinner"), "swap", recipe_id=dish["recipe"]["id"])
        assert begun.wait(PATIENCE)
        preferences = other.visitor.get("/preferences", json=True).get_json()
        assert other.visitor.post("/preferences", json={**preferences, "diet_type": "vegan"}).status_code == 200
        go_on.set()
        answer = swap.result(PATIENCE)
    assert held == [0]
    assert answer.status_code == 422
    assert "Not vegan" in answer.get_json()["detail"]
    assert week.look()["version"] == 1


@pytest.mark.parametrize(
    ("edit", "status"), [(("dinner", "note", {"note": "x"}), 409), (("lunch", "note", {"note": "x"}), 200)]
)
def test_an_edit_while_a_dish_is_chosen_matters_only_for_the_same_meal(
    week: Browser, paused: Any, edit: tuple[str, str, dict[str, Any]], status: int
) -> None:
    begun, go_on, _ = paused("choose")
    other, (slot, what, fields) = again(week), edit
    with ThreadPoolExecutor(1) as threads:
        swap = threads.submit(week.send, week.meal(1, "dinner"), "swap")
        assert begun.wait(PATIENCE)
        other.edit(other.meal(1, slot), what, **fields)
        go_on.set()
        assert swap.result(PATIENCE).status_code == status
    other.look()
    assert other.meal(1, slot)["note"] == "x"


def test_energy_is_shared_among_the_meals_as_they_are_then(week: Browser, paused: Any) -> None:
    """A meal that is locked while the portions are computed keeps its own, and both edits stand."""
    begun, go_on, held = paused("portions")
    other, before = again(week), week.meal(1, "dinner")["portion"]
    with ThreadPoolExecutor(1) as threads:
        skip = threads.submit(week.send, week.meal(1, "lunch"), "skip", energy="shared")
        assert begun.wait(PATIENCE)
        other.edit(other.meal(1, "dinner"), "lock")
        go_on.set()
        assert skip.result(PATIENCE).status_code == 200
    week.look()
    assert held == [0]
    assert (week.meal(1, "dinner")["locked"], week.meal(1, "dinner")["portion"]) == (True, before)
    assert week.meal(1, "lunch")["skipped"] == "shared"


def test_many_meals_are_replaced_only_in_the_version_that_was_read(week: Browser, database: Database) -> None:
    """As a job does that planned them anew."""
    (user_id,) = database.run(lambda session: session.execute(select(Menu.user_id)).one())
    dinner = week.meal(1, "dinner")
    nutrients = offers.Nutrients(kcal=500.0, protein_g=20.0, carbohydrate_g=60.0, fat_g=15.0)
    serving = Serving(
        recipe_id=uuid.UUID(dinner["recipe"]["id"]),
        title=dinner["recipe"]["title"],
        portion=1.75 if dinner["portion"] == 2.0 else 2.0,
        nutrients=nutrients,
    )

    def replace(version: int) -> Any:
        return database.run(
            lambda session: services.replace_meals(
                session, user_id, uuid.UUID(week.id), version=version, what="rebalance",
                servings={uuid.UUID(dinner["id"]): serving}, moment=NOON,
            )
        )  # fmt: skip

    week.edit(week.meal(0, "lunch"), "lock")
    with pytest.raises(StaleMenu):
        replace(1)
    assert replace(2).text == "Balanced again: 1 meal changed."
    assert week.look()["version"] == 3
    assert week.step("undo")["days"][1]["meals"][3]["portion"] == dinner["portion"]

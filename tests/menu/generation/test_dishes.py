"""Dishes from a model for one menu: stored one by one, asked for once, with nothing open during a call."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Event
from typing import Any

import pytest

from mealplanner.db import in_transaction
from mealplanner.db.testing import checked_out
from mealplanner.food.catalogue import load_catalogue
from mealplanner.jobs.fence import ClaimLost
from mealplanner.jobs.tasks import Interrupted, JobCancelled, JobContext, Postponed, WorkerStopping
from mealplanner.llm.circuit import CircuitOpen
from mealplanner.llm.dishes.brief import Brief, make_brief
from mealplanner.llm.outcomes import Ask, Call, DeadlineExceeded, Outcome, RetryLater, Stopped, Transient
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.generation.dishes import DishWriter, NewDishes
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.preferences.values import Preferences
from mealplanner.storage.database import Database
from tests.llm.dishes.briefs import Model
from tests.menu.generation.claiming import Wanted, claim_menu
from tests.waiting import PATIENCE

WANTED = {"main": 3, "breakfast": 1}
FAILED: dict[str, Any] = {"why": "for the log", "sent": "", "received": "", "usage": None, "seconds": 0.0}
Rows = Callable[..., list[Any]]
PROPOSALS = "SELECT title, recipe_id IS NOT NULL, dropped FROM proposals ORDER BY position"


@pytest.fixture
def claim(database: Database, wanted: Wanted) -> Claim:
    """Claim a menu of three days."""
    return claim_menu(database, wanted(days=3))


@pytest.fixture
def context(database: Database) -> JobContext:
    """Return the first of several attempts."""
    return JobContext(database=database)


def brief() -> Brief:
    """Return the brief of the person."""
    foods = load_catalogue().foods
    return make_brief(plan_request(Preferences(), foods, days=3, seed=1, recent={}, ratings={}), foods)


def write_dishes(context: JobContext, claim: Claim, ask: Ask, parallel: int = 1) -> NewDishes:
    """Do what the job does between claiming a menu and planning it."""
    return DishWriter(context, claim, brief(), ask).write(WANTED, parallel=parallel)


class Scripted(Model):
    """A good model that does something else at some of its calls: `at[number]`, counted from 1."""

    def __init__(self, at: dict[int, Callable[[], Outcome]]) -> None:
        super().__init__()
        self.at = at

    def __call__(self, call: Call) -> Outcome:
        answer = super().__call__(call)
        special = self.at.get(len(self.calls))
        return answer if special is None else special()

    @property
    def purposes(self) -> list[str]:
        """Return the purposes of its calls, in order."""
        return [call.purpose for call in self.calls]


def titles(model: Model) -> list[str]:
    """Return the dishes that a model was asked to write."""
    return [json.loads(call.user)["dish"]["title"] for call in model.calls if call.purpose == "dish"]


def raising(error: BaseException) -> Callable[[], Outcome]:
    """Return a call that raises `error`."""

    def act() -> Outcome:
        raise error

    return act


def test_ideas_come_first_and_then_each_dish(context: JobContext, claim: Claim, rows: Rows) -> None:
    """All of them become the person's own."""
    model = Scripted({})
    new = write_dishes(context, claim, model)
    assert model.purposes == ["ideas", *["dish"] * 4]
    assert titles(model) == [title for title, _, _ in rows(PROPOSALS)]
    assert [(written, dropped) for _, written, dropped in rows(PROPOSALS)] == [(True, None)] * 4
    assert rows("SELECT count(*) FROM recipes WHERE owner_id = :owner", owner=claim.user_id) == [(4,)]
    assert not any(one.open for one in new.proposed)
    assert new.setback is None


def test_nothing_is_open_during_a_call(context: JobContext, claim: Claim, database: Database) -> None:
    """No connection is checked out, whichever thread calls."""
    seen: list[tuple[int, bool]] = []

    def look(call: Call) -> Outcome:
        seen.append((checked_out(database.pooled), in_transaction()))
        return model(call)

    model = Model()
    write_dishes(context, claim, look)
    assert set(seen) == {(0, False)}
    assert len(seen) == 5


def test_dishes_are_written_in_parallel(context: JobContext, claim: Claim) -> None:
    together, model = Barrier(4, timeout=PATIENCE), Model()

    def meet(call: Call) -> Outcome:
        if call.purpose == "dish":
            together.wait()
        return model(call)

    assert not any(one.open for one in write_dishes(context, claim, meet, parallel=4).proposed)


@pytest.mark.parametrize(
    ("outcome", "seconds"),
    [(RetryLater(after=20, **FAILED), 20), (Transient(after=None, **FAILED), 5), (Transient(after=7, **FAILED), 7)],
)
def test_a_model_that_asks_to_wait_postpones_the_job(
    context: JobContext, claim: Claim, rows: Rows, outcome: Outcome, seconds: float
) -> None:
    """What was written is kept, nothing more is asked for, and the page says what it waits for."""
    model = Scripted({4: lambda: outcome})
    with pytest.raises(Postponed) as postponed:
        write_dishes(context, claim, model)
    assert postponed.value.seconds == seconds
    assert [written for _, written, _ in rows(PROPOSALS)] == [True, True, False, False]
    assert model.purposes == ["ideas", "dish", "dish", "dish"]
    ((message,),) = rows("SELECT message FROM menus")
    assert f"ask it again in {seconds} seconds." in message


@pytest.mark.parametrize("end", [KeyboardInterrupt(), Postponed("later", seconds=1), RuntimeError("killed")])
def test_the_next_attempt_asks_for_nothing_twice(
    context: JobContext, claim: Claim, rows: Rows, database: Database, end: BaseException
) -> None:
    """Neither for ideas nor for what was written before the worker was killed."""
    with pytest.raises(type(end)):
        write_dishes(context, claim, Scripted({4: raising(end)}))
    again = claim_menu(database, str(claim.menu_id))
    missing = [title for title, written, _ in rows(PROPOSALS) if not written]
    assert len(missing) == 2
    model = Scripted({})
    write_dishes(context, again, model)
    assert model.purposes == ["dish", "dish"]
    assert titles(model) == missing


def test_the_last_attempt_does_not_wait(context: JobContext, claim: Claim) -> None:
    """The person is told of the setback, and the catalogue fills in."""
    model = Scripted({3: lambda: RetryLater(after=20, **FAILED)})
    new = write_dishes(replace(context, last_attempt=True), claim, model)
    assert [one.open for one in new.proposed] == [False, True, True, True]
    assert "too many requests" in new.setback.why


def test_without_ideas_there_is_nothing_to_write(context: JobContext, claim: Claim, rows: Rows) -> None:
    """An open circuit is not waited for."""
    new = write_dishes(context, claim, Scripted({1: raising(CircuitOpen(30))}))
    assert (new.proposed, rows(PROPOSALS)) == ((), [])
    assert "not asked for a minute" in new.setback.why


def test_ideas_are_waited_for_too(context: JobContext, claim: Claim) -> None:
    with pytest.raises(Postponed):
        write_dishes(context, claim, Scripted({1: lambda: Transient(after=3, **FAILED)}))


def test_one_slow_answer_costs_one_dish(context: JobContext, claim: Claim, rows: Rows) -> None:
    """The others are written."""
    new = write_dishes(context, claim, Scripted({3: lambda: DeadlineExceeded(**FAILED)}))
    assert [written for _, written, _ in rows(PROPOSALS)] == [True, False, True, True]
    assert new.proposed[1].dropped == "The model took too long to write it."
    assert new.setback is None


def test_a_dish_that_cannot_be_used_is_dropped_with_its_reason(context: JobContext, claim: Claim) -> None:
    """After one correction."""
    model, good = Model(lambda _: "no JSON"), Model()

    def ask(call: Call) -> Outcome:
        return good(call) if call.purpose == "ideas" else model(call)

    new = write_dishes(context, claim, ask)
    assert [call.purpose for call in model.calls] == ["dish", "repair"] * 4
    assert all(one.dropped for one in new.proposed)


@pytest.mark.parametrize("why", [JobCancelled, WorkerStopping])
def test_an_interruption_ends_the_calls(context: JobContext, claim: Claim, rows: Rows, why: type[Interrupted]) -> None:
    """The call in progress is aborted, and no other begins."""
    told = Event()

    def break_off() -> Outcome:
        told.set()
        raise Stopped

    model = Scripted({3: break_off})
    interrupted = replace(context, interruption=lambda: why if told.is_set() else None)
    with pytest.raises(why):
        write_dishes(interrupted, claim, model)
    assert model.purposes == ["ideas", "dish", "dish"]
    assert [written for _, written, _ in rows(PROPOSALS)] == [True, False, False, False]


@pytest.mark.parametrize(("call", "stored"), [(1, []), (3, [True, False, False, False])])
def test_a_worker_that_lost_the_menu_stores_nothing(
    context: JobContext, claim: Claim, rows: Rows, database: Database, call: int, stored: list[bool]
) -> None:
    """Neither ideas nor a dish."""

    def claimed_by_another() -> Outcome:
        claim_menu(database, str(claim.menu_id))
        return Model()(model.calls[-1])

    model = Scripted({call: claimed_by_another})
    with pytest.raises(ClaimLost):
        write_dishes(context, claim, model)
    assert [written for _, written, _ in rows(PROPOSALS)] == stored


def test_progress_never_goes_back(context: JobContext, claim: Claim, rows: Rows) -> None:
    """And it says how many dishes there are."""
    told: list[tuple[int, str]] = []
    model = Model()

    def look(call: Call) -> Outcome:
        told.extend(rows("SELECT step, message FROM menus"))
        return model(call)

    write_dishes(context, claim, look)
    assert told[0] == (0, "Asking the model for ideas")
    assert told[-1] == (52, "Writing dishes, 3 of 4")
    assert [step for step, _ in told] == sorted(step for step, _ in told)

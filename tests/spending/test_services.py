"""Budgets that hold exactly, and calls that are counted once."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.llm.outcomes import BadOutput, Call, Ok, Outcome, Transient, Usage
from mealplanner.llm.redaction import LONGEST
from mealplanner.menu import services as menus
from mealplanner.spending import queries, services
from mealplanner.spending.errors import BudgetSpent
from mealplanner.spending.models import Budget, ModelCall
from mealplanner.spending.services import MENUS_WITH_TEXTS
from mealplanner.spending.values import Limits, PastCall
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session
from tests.rows import add_user

NOW = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)
NOVEMBER = datetime.date(2026, 11, 1)
CALL = Call(purpose="dish", system="Answer in JSON.", user="A soup.", schema_name="dish", schema={}, most_tokens=500)


@dataclass(frozen=True, slots=True)
class Diner:
    """A person, and a menu that is being made for them."""

    user_id: uuid.UUID
    menu_id: uuid.UUID

    def reserve(self, session: Session, tokens: int, *, now: datetime.datetime = NOW, **limits: int) -> uuid.UUID:
        """Reserve tokens for this menu."""
        wanted = {"menu_id": self.menu_id, "call": CALL, "tokens": tokens, "limits": Limits(**limits), "now": now}
        return services.reserve(session, self.user_id, **wanted)


def add_diner(session: Session, email: str = "diner@example.org") -> Diner:
    user_id = add_user(session, email).id
    with use_session(session):
        return Diner(user_id, MenuFactory(user_id=user_id, status="running").id)


def calls_of(session: Session, diner: Diner) -> Sequence[PastCall]:
    """Return the calls for the diner's menu."""
    return queries.calls_of_menu(session, diner.user_id, diner.menu_id).part.items


def another_menu(session: Session, diner: Diner) -> Diner:
    """Add a menu for the same person."""
    with use_session(session):
        return Diner(diner.user_id, MenuFactory(user_id=diner.user_id, status="ready").id)


def ended(tokens_in: int = 0, tokens_out: int = 0, cost: float = 0.0, **changes: Any) -> Outcome:
    """Return a call that succeeded."""
    usage = Usage(tokens_in=tokens_in, tokens_out=tokens_out, cost=cost)
    return Ok(**{"value": {}, "usage": usage, "sent": "asked", "received": "{}", "seconds": 1.5, **changes})


def budgets(session: Session) -> dict[uuid.UUID | None, tuple[int, int]]:
    """Return owner -> what is reserved and what is spent."""
    session.expire_all()
    return {row.user_id: (row.reserved, row.spent) for row in session.scalars(select(Budget))}


@pytest.fixture
def diner(session: Session) -> Diner:
    """A person with a menu in the making."""
    return add_diner(session)


def test_what_is_reserved_counts_until_the_call_has_ended(session: Session, diner: Diner) -> None:
    """Then only what it used counts, for the person and the installation."""
    call_id = diner.reserve(session, 1000, person=1000)
    assert budgets(session) == {diner.user_id: (1000, 0), None: (1000, 0)}
    with pytest.raises(BudgetSpent):
        diner.reserve(session, 1, person=1000)
    services.settle(session, call_id, outcome=ended(300, 100, 0.25), now=NOW)
    assert budgets(session) == {diner.user_id: (0, 400), None: (0, 400)}
    assert queries.this_month(session, diner.user_id, now=NOW).cost == 0.25
    diner.reserve(session, 600, person=1000)
    with pytest.raises(BudgetSpent):
        diner.reserve(session, 1, person=1000)


def test_a_call_is_settled_once(session: Session, diner: Diner) -> None:
    """A second settlement changes neither its figures nor its texts."""
    call_id = diner.reserve(session, 1000)
    services.settle(session, call_id, outcome=ended(10, 20), now=NOW)
    services.settle(session, call_id, outcome=ended(500, 500, received="else"), now=NOW)
    services.settle(session, call_id, outcome=None, now=NOW)
    services.settle_abandoned(session, diner.menu_id, now=NOW)
    assert budgets(session) == {diner.user_id: (0, 30), None: (0, 30)}
    (call,) = calls_of(session, diner)
    assert (call.outcome, call.tokens, call.received, call.seconds) == ("ok", 30, "{}", 1.5)


def test_an_abandoned_call_counts_in_full(session: Session, diner: Diner) -> None:
    """It may have been billed; calls that have ended, and those for other menus, are left alone."""
    other = another_menu(session, diner)
    other.reserve(session, 7)
    services.settle(session, diner.reserve(session, 100), outcome=ended(1, 2), now=NOW)
    for _ in range(2):
        diner.reserve(session, 1000)
    services.settle_abandoned(session, diner.menu_id, now=NOW)
    assert budgets(session) == {diner.user_id: (7, 2003), None: (7, 2003)}
    calls = calls_of(session, diner)
    assert sorted((call.outcome, call.tokens) for call in calls) == [
        ("abandoned", 1000),
        ("abandoned", 1000),
        ("ok", 3),
    ]
    assert all(call.sent for call in calls)


def test_a_call_that_never_reached_the_server_costs_nothing(session: Session, diner: Diner) -> None:
    call_id = diner.reserve(session, 1000)
    services.settle(session, call_id, outcome=Transient(why="The connection was refused."), now=NOW)
    assert budgets(session) == {diner.user_id: (0, 0), None: (0, 0)}


@pytest.mark.parametrize(
    ("limits", "whose", "renews"),
    [
        ({"person": 999}, "Your budget", datetime.date(2026, 12, 1)),
        ({"installation": 999}, "all members together", datetime.date(2026, 12, 1)),
        ({"menu": 999}, "for one menu", None),
    ],
)
def test_the_error_says_which_budget_is_spent(
    session: Session, diner: Diner, limits: dict[str, int], whose: str, renews: datetime.date | None
) -> None:
    """With its size and when it renews; neither a budget nor a call is written."""
    with pytest.raises(BudgetSpent, match=whose) as caught:
        diner.reserve(session, 1000, **limits)
    assert "999 tokens" in str(caught.value)
    assert caught.value.renews == renews
    assert (renews is None) is ("2026-12-01" not in str(caught.value))
    assert budgets(session) == {}
    assert queries.calls_of_person(session, diner.user_id).items == []


@pytest.mark.parametrize("limit", ["person", "installation", "menu"])
def test_a_limit_is_reached_to_the_last_token(session: Session, diner: Diner, limit: str) -> None:
    """As much as the limit allows and not one token more; None is no limit."""
    for _ in range(2):
        diner.reserve(session, 500, **{limit: 1000})
    with pytest.raises(BudgetSpent):
        diner.reserve(session, 1, **{limit: 1000})
    diner.reserve(session, 1_000_000_000_000)


def test_what_a_menu_used_counts_for_its_limit(session: Session, diner: Diner) -> None:
    """Calls that have ended count with what they used, and other menus do not count."""
    another_menu(session, diner).reserve(session, 5000)
    services.settle(session, diner.reserve(session, 900, menu=1000), outcome=ended(50, 50), now=NOW)
    diner.reserve(session, 900, menu=1000)
    with pytest.raises(BudgetSpent):
        diner.reserve(session, 1, menu=1000)


def test_a_new_month_is_a_new_budget(session: Session, diner: Diner) -> None:
    """Months and years are those of UTC, and a call counts for the month in which it began."""
    last_moment = datetime.datetime(2027, 1, 1, 0, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    call_id = diner.reserve(session, 1000, person=1000, now=last_moment)
    with pytest.raises(BudgetSpent, match="2027-01-01"):
        diner.reserve(session, 1, person=1000, now=last_moment)
    new_year = last_moment + datetime.timedelta(minutes=30)
    diner.reserve(session, 1000, person=1000, now=new_year)
    services.settle(session, call_id, outcome=ended(1, 1), now=new_year)
    assert [(use.month, use.tokens, use.reserved) for use in queries.months(session, diner.user_id)] == [
        (datetime.date(2027, 1, 1), 0, 1000),
        (datetime.date(2026, 12, 1), 2, 0),
    ]


def test_one_persons_budget_is_not_anothers(session: Session, diner: Diner) -> None:
    """Only the installation's is shared."""
    other = add_diner(session, "other@example.org")
    diner.reserve(session, 1000, person=1000)
    other.reserve(session, 1000, person=1000, installation=2000)
    with pytest.raises(BudgetSpent) as caught:
        add_diner(session, "third@example.org").reserve(session, 1, person=1000, installation=2000)
    assert caught.value.whose == "installation"


@pytest.mark.parametrize("gone", ["DELETE FROM menus", "DELETE FROM users"])
def test_no_call_is_made_for_a_menu_that_was_deleted(session: Session, diner: Diner, gone: str) -> None:
    """The reservation fails with `NotFound` and leaves nothing."""
    session.execute(text(gone))
    with pytest.raises(NotFound):
        diner.reserve(session, 1)
    assert budgets(session) == {}


def test_the_installation_remembers_what_a_deleted_account_used(session: Session, diner: Diner) -> None:
    """The person's own figures and texts go, and a call that ends later is ignored."""
    services.settle(session, diner.reserve(session, 1000), outcome=ended(3, 4), now=NOW)
    late = diner.reserve(session, 50)
    session.execute(text("DELETE FROM users"))
    services.settle(session, late, outcome=ended(3, 4), now=NOW)
    assert budgets(session) == {None: (50, 7)}
    assert session.scalars(select(ModelCall)).all() == []


def test_texts_are_kept_for_the_latest_menus_only(session: Session, diner: Diner) -> None:
    """Their figures stay, and so do the calls of other people and calls under way."""
    other = add_diner(session, "other@example.org")
    services.settle(session, other.reserve(session, 10), outcome=ended(), now=NOW)
    under_way = diner.reserve(session, 10)
    series = [diner, *(another_menu(session, diner) for _ in range(MENUS_WITH_TEXTS))]
    for number, one in enumerate(series):
        now = NOW + datetime.timedelta(minutes=number)
        services.settle(session, one.reserve(session, 10, now=now), outcome=ended(1, 2), now=now)
    session.expire_all()
    calls = [next(call for call in calls_of(session, one) if call.id != under_way) for one in series]
    assert [(call.sent, call.received) for call in calls] == [(None, None)] + [("asked", "{}")] * MENUS_WITH_TEXTS
    assert [call.tokens for call in calls] == [3] * len(series)
    assert queries.calls_of_menu(session, other.user_id, other.menu_id).part.items[0].sent == "asked"
    assert session.get_one(ModelCall, under_way).sent


def test_the_texts_of_a_menu_are_deleted_with_it(session: Session, diner: Diner) -> None:
    """Also an answer that comes only after the menu was deleted."""
    services.settle(session, diner.reserve(session, 10), outcome=ended(1, 2), now=NOW)
    under_way = diner.reserve(session, 10)
    menus.delete(session, diner.user_id, diner.menu_id)
    services.settle(session, under_way, outcome=ended(1, 2), now=NOW)
    session.expire_all()
    calls = queries.calls_of_person(session, diner.user_id).items
    assert [(call.menu_id, call.sent, call.received, call.tokens) for call in calls] == [(None, None, None, 3)] * 2


def test_any_text_can_be_stored(session: Session, diner: Diner) -> None:
    """Characters that no database takes are replaced, and a long answer is cut."""
    strange = "a\x00b\ud800c"
    outcome = BadOutput(why="No JSON.", sent=strange, received=strange + "é" * LONGEST, seconds=1.0)
    services.settle(session, diner.reserve(session, 10), outcome=outcome, now=NOW)
    (call,) = calls_of(session, diner)
    assert call.sent == "a\N{REPLACEMENT CHARACTER}b?c"
    assert call.received is not None
    assert call.received.startswith(call.sent)
    assert len(call.received) == LONGEST


def test_a_person_cannot_read_the_calls_of_another(session: Session, diner: Diner) -> None:
    other = add_diner(session, "other@example.org")
    diner.reserve(session, 10)
    assert queries.calls_of_menu(session, other.user_id, diner.menu_id).part.items == []
    assert queries.last_menu(session, other.user_id) is None
    assert queries.last_menu(session, diner.user_id) == diner.menu_id
    assert queries.this_month(session, other.user_id, now=NOW).tokens == 0


LIMIT = 10_000
SHARE = 90


@pytest.mark.parametrize("limit", ["person", "installation", "menu"])
def test_a_budget_is_exact_under_concurrency(database: Database, engine: Engine, limit: str) -> None:
    """Eight threads at once: never a token over the limit, and no refusal while there is room."""
    diners = database.run(lambda session: [add_diner(session, f"diner{number}@example.org") for number in range(8)])
    everyone = Barrier(8)

    def use_up(number: int) -> int:
        diner = diners[number if limit == "installation" else 0]
        everyone.wait()
        taken = 0
        try:
            while True:
                database.run(lambda session: diner.reserve(session, SHARE, **{limit: LIMIT}))
                taken += 1
        except BudgetSpent:
            return taken

    with ThreadPoolExecutor(8) as threads:
        taken = sum(threads.map(use_up, range(8)))
    assert taken == LIMIT // SHARE
    with engine.connect() as connection:
        query = "SELECT sum(reserved) FROM budgets WHERE user_id IS NULL"
        assert connection.scalar(text(query)) == taken * SHARE


def test_settling_and_reserving_at_once_lose_nothing(database: Database, engine: Engine) -> None:
    """Eight threads reserve, settle and settle again: in the end everything is spent and nothing reserved."""
    diner = database.run(add_diner)
    everyone = Barrier(8)

    def work(_number: int) -> None:
        everyone.wait()
        for _ in range(5):
            call_id = database.run(lambda session: diner.reserve(session, 100, person=8 * 100 + 8 * 5 * 3, menu=10_000))
            ends: list[Callable[[Session], None]] = [
                lambda session, call_id=call_id: services.settle(session, call_id, outcome=ended(1, 2), now=NOW),
                lambda session, call_id=call_id: services.settle(session, call_id, outcome=ended(1, 2), now=NOW),
            ]
            for end in ends:
                database.run(end)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT reserved, spent FROM budgets ORDER BY user_id NULLS LAST")).all()
    assert [tuple(row) for row in found] == [(0, 8 * 5 * 3)] * 2

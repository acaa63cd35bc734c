"""Attempts, counted exactly in the database and forgotten by themselves."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine, text

from mealplanner.client import NOWHERE, Client
from mealplanner.errors import TooMany, Unavailable
from mealplanner.storage.database import Database
from mealplanner.throttle import services
from mealplanner.throttle.limits import FORGOTTEN, LIMITS, MINUTE, SECOND
from tests.together import map_at_once

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
CLIENT = Client(now=NOW, address="203.0.113.7")
EMAIL = "person@example.org"
GUESSES = LIMITS["login", "account"]


def attempt(database: Database, client: Client = CLIENT, action: str = "forgot", **whose: object) -> bool:
    """Make one attempt in a unit of work of its own; return whether it was let through."""
    try:
        database.run(partial(services.spend, action=action, client=client, **whose))
    except TooMany:
        return False
    return True


def later(seconds: float, client: Client = CLIENT) -> Client:
    """Return the same client after a while."""
    return replace(client, now=client.now + datetime.timedelta(seconds=seconds))


def levels(engine: Engine) -> dict[str, float]:
    """Return what is counted."""
    with engine.connect() as connection:
        return {f"{action} {key}": level for action, key, level, _ in connection.execute(text("TABLE throttles"))}


def test_an_attempt_is_counted_for_the_account_and_for_the_address(database: Database, engine: Engine) -> None:
    assert attempt(database, account=EMAIL)
    assert attempt(database, account=EMAIL)
    assert levels(engine) == {f"forgot account:{EMAIL}": 2, "forgot address:203.0.113.7": 2}


def test_an_ipv6_attempt_is_counted_for_the_network_around_it_too(database: Database, engine: Engine) -> None:
    assert attempt(database, replace(CLIENT, address="2001:db8:1:2::/64"), account=EMAIL)
    counted = {"account:" + EMAIL, "address:2001:db8:1:2::/64", "network:2001:db8:1::/48"}
    assert levels(engine) == {f"forgot {key}": 1 for key in counted}


def test_an_attempt_counts_only_together_with_what_was_tried(database: Database, engine: Engine) -> None:
    """Where an attempt can fail and must still count, the count is committed first."""
    with database.unit_of_work() as unit:
        services.spend(unit.session, "forgot", CLIENT, account=EMAIL)
        unit.rollback()
    assert levels(engine) == {}


def test_too_many_attempts_have_to_wait_and_are_told_how_long(database: Database) -> None:
    """The first are free; then the wait is given in words and seconds, and the next one is twice as long."""
    assert [attempt(database, account=EMAIL) for _ in range(4)] == [True, True, True, False]
    words = r"Too many attempts\. Try again in 4 minutes\."
    with pytest.raises(TooMany, match=words) as error, database.unit_of_work() as unit:
        services.spend(unit.session, "forgot", later(60.5), account=EMAIL)
    assert error.value.retry_after == 240
    assert attempt(database, later(300), account=EMAIL)
    assert not attempt(database, later(300 + 599), account=EMAIL)
    assert attempt(database, later(300 + 600), account=EMAIL)


def test_attempts_during_a_wait_are_not_counted(database: Database, engine: Engine) -> None:
    """Impatience does not lengthen the wait."""
    for _ in range(10):
        attempt(database, account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == 3


def test_the_longest_wait_of_all_counters_holds(database: Database) -> None:
    """An address that asks for other accounts each time has to wait as well."""
    answers = [attempt(database, account=f"person{number}@example.org") for number in range(11)]
    assert answers == [True] * 10 + [False]
    assert attempt(database, replace(CLIENT, address="203.0.113.8"), account=EMAIL)


def test_attempts_are_forgotten_one_by_one(database: Database, engine: Engine) -> None:
    """By arithmetic on the row; nothing has to run for it."""
    for _ in range(3):
        attempt(database, account=EMAIL)
    half = 1.5 * LIMITS["forgot", "account"].refill
    assert attempt(database, later(half.total_seconds()), account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == pytest.approx(2.5)
    assert attempt(database, later(FORGOTTEN.total_seconds()), account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == pytest.approx(1)


def test_a_time_in_the_future_counts_as_now(database: Database, engine: Engine) -> None:
    """Machines disagree by moments, and a clock may be far ahead once: neither loses an attempt nor adds a wait."""
    for _ in range(3):
        assert attempt(database, later(3600), account=EMAIL)
    assert not attempt(database, account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == 3
    with engine.connect() as connection:
        query = text("SELECT at FROM throttles WHERE key LIKE 'account:%'")
        assert connection.scalar(query) == NOW
    assert not attempt(database, later(299), account=EMAIL)
    assert attempt(database, later(300), account=EMAIL)


def test_a_clock_that_jumps_ahead_forgets_what_it_would_have_forgotten(database: Database, engine: Engine) -> None:
    """After a sleep, or in a backup that was restored: time has passed for the counters too."""
    for _ in range(3):
        attempt(database, account=EMAIL)
    assert attempt(database, later(FORGOTTEN.total_seconds()), account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == 1


def test_an_address_that_all_clients_share_is_not_counted(database: Database, engine: Engine) -> None:
    """Behind a proxy that was not announced all clients have the same one."""
    nowhere = replace(CLIENT, address=NOWHERE)
    assert all(attempt(database, nowhere, "register") for _ in range(50))
    assert attempt(database, nowhere, account=EMAIL)
    assert levels(engine) == {f"forgot account:{EMAIL}": 1}


def test_leniency_multiplies_what_is_free(database: Database) -> None:
    """Three become thirty."""
    lenient = replace(CLIENT, leniency=10.0)
    assert [attempt(database, lenient, account=EMAIL) for _ in range(31)].count(True) == 30


def test_what_is_given_back_was_never_counted(database: Database, engine: Engine) -> None:
    """To the digit and to the moment, although time has passed between the attempts."""

    def stored() -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text("TABLE throttles ORDER BY key"))]

    attempt(database, account=EMAIL)
    attempt(database, later(7.3), account=EMAIL)
    before = stored()
    spent = database.run(partial(services.spend, action="forgot", client=later(100), account=EMAIL))
    assert stored() != before
    database.run(lambda session: services.give_back(session, spent))
    assert stored() == before


def test_what_is_given_back_leaves_attempts_that_were_made_since(database: Database, engine: Engine) -> None:
    spent = database.run(partial(services.spend, action="forgot", client=CLIENT, account=EMAIL))
    attempt(database, later(1), account=EMAIL)
    database.run(lambda session: services.give_back(session, spent))
    assert levels(engine)[f"forgot account:{EMAIL}"] == pytest.approx(1, abs=0.01)


def test_what_was_counted_for_an_account_can_be_forgotten(database: Database, engine: Engine) -> None:
    """The address, which may try other accounts, is not."""
    attempt(database, account=EMAIL)
    database.run(partial(services.forget, action="forgot", account=EMAIL))
    assert levels(engine) == {"forgot address:203.0.113.7": 1}


def test_those_that_are_locked_are_listed_with_the_time(database: Database) -> None:
    """Only those who have to wait now, and only of that kind."""
    for email in (EMAIL, EMAIL, EMAIL, "other@example.org"):
        attempt(database, account=email)
    found = database.run(lambda session: services.locked(session, "forgot", "account", CLIENT))
    assert found == {EMAIL: NOW + 5 * MINUTE}
    assert database.run(lambda session: services.locked(session, "forgot", "account", later(300))) == {}


def test_old_rows_are_swept_with_later_counts(database: Database, engine: Engine) -> None:
    """A few at a time, and none that still counts."""
    insert = text("INSERT INTO throttles SELECT 'login', 'account:' || n, 1, :at FROM generate_series(1, 30) n")
    with engine.begin() as connection:
        connection.execute(insert, {"at": NOW - FORGOTTEN - SECOND})
        connection.execute(text("UPDATE throttles SET at = :at WHERE key = 'account:7'"), {"at": NOW - FORGOTTEN})
    assert attempt(database, account=EMAIL)
    assert len(levels(engine)) == 30 - services.SWEPT_AT_ONCE + 2
    assert attempt(database, account=EMAIL)
    assert sorted(levels(engine)) == [f"forgot account:{EMAIL}", "forgot address:203.0.113.7", "login account:7"]


def test_eight_at_once_are_counted_exactly(database: Database, engine: Engine) -> None:
    """The rows are locked while they are counted, so no attempt is lost to a race."""
    client = replace(CLIENT, leniency=1000.0)

    def hammer(_number: int) -> list[bool]:
        return [attempt(database, client, "login", account=EMAIL) for _ in range(10)]

    assert all(answer for answers in map_at_once(hammer, range(8)) for answer in answers)
    assert levels(engine) == {f"login account:{EMAIL}": 80, "login address:203.0.113.7": 80}


def test_of_sixteen_at_once_no_more_get_through_than_are_free(database: Database, engine: Engine) -> None:
    """Also when there is no row yet to wait for."""

    def hurry(_number: int) -> bool:
        return attempt(database, action="login", account=EMAIL)

    assert sorted(map_at_once(hurry, range(16))) == [False] * 11 + [True] * 5
    assert levels(engine) == {f"login account:{EMAIL}": 5, "login address:203.0.113.7": 5}


def test_a_counter_that_is_locked_refuses_the_attempt(impatient_database: Database, engine: Engine) -> None:
    """Rather than let it through uncounted."""
    attempt(impatient_database, account=EMAIL)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM throttles FOR UPDATE"))
        with pytest.raises(Unavailable):
            attempt(impatient_database, account=EMAIL)
    assert levels(engine)[f"forgot account:{EMAIL}"] == 1

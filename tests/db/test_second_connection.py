"""A second connection beside the first, which is how a pool deadlocks with itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mealplanner.config import Config
from mealplanner.db import SecondConnection, second_connection
from mealplanner.db.testing import checked_out
from mealplanner.storage.database import Database
from tests.rows import count_users


def test_a_nested_unit_of_work_is_refused_before_it_waits_for_a_connection(config: Config) -> None:
    """Even where the pool has no other connection to give."""
    narrow = Database(replace(config, pool_size=1, pool_overflow=0, pool_timeout=600))
    with narrow.unit_of_work() as outer:
        count_users(outer.session)
        with narrow.unit_of_work() as inner, pytest.raises(SecondConnection):
            count_users(inner.session)
    narrow.dispose()


def test_a_connection_of_the_engine_is_refused(database: Database) -> None:
    """Nothing stays checked out."""
    with database.unit_of_work() as unit:
        count_users(unit.session)
        with pytest.raises(SecondConnection):
            database.engine().connect()
        assert checked_out(database.pooled) <= 1
        unit.commit()


def test_one_after_the_other_is_fine(database: Database) -> None:
    """Before the first statement, after release() and after the decision no connection is held."""
    with database.unit_of_work() as outer:
        assert database.run(count_users) == 0
        count_users(outer.session)
        outer.release()
        assert database.run(count_users) == 0
        count_users(outer.session)
        outer.commit()
        assert database.run(count_users) == 0


def test_a_use_with_a_reason_is_allowed(database: Database) -> None:
    with database.unit_of_work() as outer:
        count_users(outer.session)
        with second_connection("a test of two transactions"):
            assert database.run(count_users) == 0
        outer.commit()


def test_in_production_the_place_is_logged_once(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """The request is still served."""
    lenient = Database(replace(config, environment="production"))
    with lenient.unit_of_work() as outer:
        count_users(outer.session)
        assert lenient.run(count_users) == 0
        assert lenient.run(count_users) == 0
    (warning,) = [record for record in caplog.records if "second connection" in record.message]
    assert "test_second_connection.py" in (warning.stack_info or "")
    lenient.dispose()

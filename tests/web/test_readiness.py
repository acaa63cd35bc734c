"""What the log says of a process that cannot serve requests."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from mealplanner.storage.database import Database
from mealplanner.web.readiness import Told, readiness

NOWHERE = "postgresql+psycopg://nobody@/nothing?host=/nowhere"


def test_what_fails_is_logged_once_with_its_cause_and_so_is_that_it_works_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "mealplanner.web.readiness")
    told, away = Told(), create_engine(NOWHERE)
    for _ in range(3):
        with Session(away) as session:
            assert not readiness(session, told)["database"]
    for _ in range(2):
        assert all(database.run(lambda session: readiness(session, told)).values())
    lost, back = caplog.messages
    assert lost.startswith("not ready: database, migrations, queue (")
    assert "/nowhere" in lost
    assert back == "ready again: database, migrations, queue"

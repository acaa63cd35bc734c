"""The metrics for Prometheus: what changes them, and on which side of the flag."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from sqlalchemy import text

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.db import second_connection
from mealplanner.errors import Conflict, Unavailable
from mealplanner.jobs.attempts import GaveUp, make_attempt
from mealplanner.jobs.tasks import JobCancelled, JobContext, Task
from mealplanner.storage.database import Database
from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.rows import count_users
from tests.visitor import Visitor

pytestmark = pytest.mark.sides("pooled", "direct")

Serve = Callable[..., FlaskClient]
Moved = Callable[..., float]


@pytest.fixture
def side(config: Config) -> str:
    """Return the side of the flag that this test is on."""
    return "pooled" if config.rollout.everything else "direct"


@pytest.fixture
def moved() -> Moved:
    """Return `moved(name, label=...)`: by how much a metric of this process has grown since the last call."""
    seen: dict[Any, float] = {}

    def growth(name: str, **labels: str) -> float:
        key, value = (name, *labels.items()), REGISTRY.get_sample_value(name, labels) or 0.0
        before, seen[key] = seen.get(key, 0.0), value
        return value - before

    return growth


def read() -> str:
    """Take a connection."""
    return str(count_users(db_session()))


def test_a_request_moves_its_figures(serve: Serve, side: str, moved: Moved) -> None:
    """Requests, their time, the unit of work, the wait for a connection and the time it was held: each by its side."""
    client = serve(read)
    where = {"scope": "probe", "side": side}
    figures = {
        "mealplanner_http_requests_total": {"endpoint": "probe", "side": side, "status": "200"},
        "mealplanner_http_request_seconds_count": {"endpoint": "probe", "side": side},
        "mealplanner_unit_of_work_total": {**where, "outcome": "committed"},
        "mealplanner_db_connection_held_seconds_count": where,
        "mealplanner_db_connection_wait_seconds_count": {"side": side},
    }
    for name, labels in figures.items():
        moved(name, **labels)
    assert client.get("/").status_code == 200
    assert {name: moved(name, **labels) for name, labels in figures.items()} == dict.fromkeys(figures, 1.0)


def test_a_connection_counts_as_in_use_while_it_is_out(serve: Serve, side: str) -> None:
    """And no longer once it was given back."""
    seen: list[float | None] = []

    def look() -> None:
        seen.append(REGISTRY.get_sample_value("mealplanner_db_connections_in_use", {"side": side}))

    def view() -> str:
        look()
        read()
        look()
        request_unit_of_work().release()
        look()
        return "fine"

    serve(view).get("/")
    assert seen == [0, 1, 0]


def test_the_pool_opens_one_connection_where_the_direct_side_opens_one_each(
    serve: Serve, side: str, moved: Moved
) -> None:
    """This is what rolling out the pool changes."""
    client = serve(read)
    moved("mealplanner_db_connections_opened_total", side=side)
    for _ in range(3):
        client.get("/")
    assert moved("mealplanner_db_connections_opened_total", side=side) == (1 if side == "pooled" else 3)


def raise_conflict() -> None:
    raise Conflict


def doom() -> str:
    """Keep the answer and give up the work."""
    request_unit_of_work().doom("on purpose")
    return "fine"


@pytest.mark.parametrize(("view", "outcome"), [(raise_conflict, "rolled_back"), (doom, "doomed"), (read, "committed")])
def test_each_outcome_is_counted_by_its_name(
    serve: Serve, side: str, moved: Moved, view: Callable[[], Any], outcome: str
) -> None:
    labels = {"scope": "probe", "side": side, "outcome": outcome}
    moved("mealplanner_unit_of_work_total", **labels)
    serve(view).get("/")
    assert moved("mealplanner_unit_of_work_total", **labels) == 1


def test_what_is_left_over_is_counted(database: Database, side: str, moved: Moved) -> None:
    """It is also rolled back, and counted as that too."""
    left = {"scope": "-", "side": side, "outcome": "left_over"}
    moved("mealplanner_unit_of_work_total", **left)
    unit = database.open()
    unit.session.execute(text("SELECT 1"))
    unit.remove()
    assert moved("mealplanner_unit_of_work_total", **left) == 1


@pytest.mark.sides("pooled")
def test_an_exhausted_pool_is_counted_once(config: Config, database: Database, moved: Moved) -> None:
    """With the time of the failed wait."""
    assert database  # whose rows and backends are looked after
    narrow = Database(replace(config, pool_size=1, pool_overflow=0, pool_timeout=0.0))
    with narrow.unit_of_work() as unit:
        unit.session.execute(text("SELECT 1"))
        moved("mealplanner_db_pool_exhausted_total", side="pooled")
        moved("mealplanner_db_connection_wait_seconds_count", side="pooled")
        with pytest.raises(Unavailable), second_connection("which there is not"):
            narrow.run(lambda session: session.execute(text("SELECT 1")))
    assert moved("mealplanner_db_pool_exhausted_total", side="pooled") == 1
    assert moved("mealplanner_db_connection_wait_seconds_count", side="pooled") == 1
    narrow.dispose()


def test_a_database_that_refuses_is_counted_and_figures_need_none(config: Config, side: str, moved: Moved) -> None:
    """Metrics matter most when the database is unavailable."""
    client = create_app(replace(config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")).test_client()
    moved("mealplanner_db_connections_refused_total", side=side)
    assert client.get("/readyz").status_code == 503
    assert moved("mealplanner_db_connections_refused_total", side=side) == 1
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content_type.split(";")[0]) == (200, "text/plain")
    assert f'mealplanner_db_connections_refused_total{{side="{side}"}}' in answer.text


def test_an_address_that_does_not_exist_adds_no_label_of_its_own(visitor: Visitor) -> None:
    """Trying addresses does not add series."""
    visitor.get("/wp-login.php")
    page = visitor.get("/metrics").text
    assert "wp-login" not in page
    assert re.search(r'mealplanner_http_requests_total\{endpoint="-",side="\w+",status="404"\}', page)


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, "done"), (Conflict(), "failed"), (JobCancelled(), "interrupted")]
)
def test_attempts_at_jobs_are_counted_by_how_they_end(
    base_config: Config, moved: Moved, error: BaseException | None, outcome: str
) -> None:
    """With their time; a job that gave up is one whose last attempt failed."""

    def work(_context: JobContext) -> None:
        if error is not None:
            raise error

    task = Task(name="kitchen.count", run=work, attempts=1)
    labels = {"task": "kitchen.count", "outcome": outcome}
    moved("mealplanner_job_attempts_total", **labels)
    moved("mealplanner_job_seconds_count", task="kitchen.count")
    try:
        make_attempt(task, JobContext(database=Database(base_config), last_attempt=True), "-", {})
    except (GaveUp, JobCancelled):
        assert error is not None
    assert moved("mealplanner_job_attempts_total", **labels) == 1
    assert moved("mealplanner_job_seconds_count", task="kitchen.count") == 1

"""The metrics for Prometheus: what changes them, on which side of the flag, and over how many processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
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
from mealplanner.telemetry.metrics import exposed, forget_process
from mealplanner.web.transactions import db_session, request_unit_of_work
from tests.faults.gates import serving_gates
from tests.faults.programs import Web
from tests.installation import Client, Installation, child_environment, data_directory, run
from tests.rows import count_users
from tests.visitor import Visitor
from tests.waiting import PATIENCE, eventually

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


LIFE = """
from mealplanner.telemetry import metrics
metrics.MENUS.labels("ready").inc(2)
metrics.JOB_SECONDS.labels("kitchen.boil").observe(0.3)
metrics.CONNECTIONS_IN_USE.labels("pooled").inc()
"""
"""What a process does that counts something, takes a connection, and dies."""


@pytest.mark.process
def test_processes_that_ended_share_one_file_and_keep_their_counts(tmp_path: Path) -> None:
    """A scrape reads no more files, however many have ended; what they had in use no longer counts."""

    def told(name: str, **labels: str) -> float | None:
        return exposed(tmp_path).get_sample_value(name, labels)

    for lives in range(1, 4):
        with subprocess.Popen(
            [sys.executable, "-c", LIFE], env=child_environment(PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
        ) as process:
            assert process.wait(PATIENCE) == 0
        assert told("mealplanner_db_connections_in_use", side="pooled") == 1
        forget_process(tmp_path, process.pid)
        assert told("mealplanner_menus_total", status="ready") == 2 * lives
        assert told("mealplanner_job_seconds_count", task="kitchen.boil") == lives
        assert told("mealplanner_db_connections_in_use", side="pooled") is None
        assert {path.name for path in tmp_path.glob("*.db")} == {"counter_0.db", "histogram_0.db"}


@pytest.mark.process
class TestSeveralProcesses:
    """Real ones: gunicorn with its workers, and `mealplanner worker`."""

    @pytest.fixture
    def settings(self, base_config: Config, database: Database) -> dict[str, str]:
        """Return the environment of such a process."""
        assert database  # whose rows are deleted once the process is gone
        return {
            "DATABASE_URL": base_config.database_url or "",
            "MEALPLANNER_DATA_DIR": str(base_config.data_dir),
            "SECRET_KEY": "only for tests, and long enough",
            "USE_NEW_CONNECTION_HANDLING": "menu,health",
        }

    pytestmark = pytest.mark.sides("pooled")

    def test_any_process_of_gunicorn_tells_the_figures_of_all(self, settings: dict[str, str], tmp_path: Path) -> None:
        """Those of a killed process remain, except for what it had in use."""
        ready = 'mealplanner_http_requests_total{endpoint="health.readyz",side="pooled",status="200"}'
        with Web(settings, tmp_path / "web.log") as web, serving_gates() as gates:
            eventually(lambda: len(web.workers()) == 2)
            for requests, worker in enumerate(sorted(web.workers()), start=2):
                with web.only(worker):
                    for _ in range(requests):
                        assert web.visitor().get("/readyz").status == 200
            assert web.figure(ready) == 2 + 3
            gate = gates.new()
            holding = web.visitor().hang_up_after(["sql", "SELECT 1"], ["call", gate.url])
            victim = int(gate.arrival()["process"])
            in_use = 'mealplanner_db_connections_in_use{side="direct"}'
            assert web.figure(in_use) == 1
            os.kill(victim, signal.SIGKILL)
            eventually(lambda: web.figure(in_use) == 0)
            assert web.figure(ready) == 2 + 3
            holding.close()

    def test_a_worker_answers_prometheus_on_a_port_of_its_own(
        self, settings: dict[str, str], person: Visitor, tmp_path: Path
    ) -> None:
        """With its menus, its jobs and its connections; it logs the address."""
        person.post("/menu/", {"start_date": "2026-11-23", "past": "yes", "days": "1", "seed": "1", "overlap": "after"})
        with (tmp_path / "worker.log").open("w") as errors:
            worker = subprocess.Popen(
                [sys.executable, "-m", "mealplanner", "worker", "--metrics-port", "0"],
                env=child_environment(**settings),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            assert worker.stdout is not None
            with worker.stdout:
                address = worker.stdout.readline().split()[-1]
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

            def told() -> str:
                with opener.open(address) as answer:
                    return str(answer.read().decode())

            eventually(lambda: 'mealplanner_menus_total{status="ready"} 1.0' in told())
            eventually(lambda: 'mealplanner_job_attempts_total{outcome="done",task="menu.generate"} 1.0' in told())
            assert 'mealplanner_unit_of_work_total{outcome="committed",scope="menu.generate",side="pooled"}' in told()
            assert 'mealplanner_db_connections_in_use{side="pooled"} 0.0' in told()
            worker.terminate()
            assert worker.wait(PATIENCE) == 0

    def test_a_port_that_is_taken_is_said(self, settings: dict[str, str]) -> None:
        """By the command, as a sentence."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            answer = run("worker", "--metrics-port", str(port), **settings)
        assert answer.returncode == 1
        assert answer.stderr == f"Error: Cannot serve metrics on 127.0.0.1:{port}: Address already in use.\n"


@pytest.mark.process
def test_one_address_tells_the_figures_of_everything_that_up_runs() -> None:
    """The worker's beside the web's; a killed worker's counts remain, except for what it had in use."""
    with data_directory() as folder:
        installation = Installation(folder).await_ready()
        try:
            client = Client(installation.address)
            client.post("/auth/register", {"email": "eva@example.org", "password": "correct horse battery"})
            client.post(
                "/menu/", {"start_date": "2026-11-23", "past": "yes", "days": "1", "seed": "1", "overlap": "after"}
            )
            made = 'mealplanner_menus_total{status="ready"} 1.0'
            eventually(lambda: made in client.get("/metrics")[1])
            worker = next(child for child in installation.processes() if child.cmdline()[-1:] == ["worker"])
            said = Path(worker.environ()["PROMETHEUS_MULTIPROC_DIR"], f"gauge_livesum_{worker.pid}.db")
            assert said.exists()
            worker.send_signal(signal.SIGKILL)
            eventually(lambda: not said.exists())
            assert made in client.get("/metrics")[1]
        finally:
            installation.stop()

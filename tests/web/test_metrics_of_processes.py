"""Metrics over several processes, real ones: gunicorn with its workers, `mealplanner worker` and `mealplanner up`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from mealplanner.config import Config
from mealplanner.storage.database import Database
from mealplanner.telemetry.metrics import exposed, forget_process
from tests.faults.gates import serving_gates
from tests.faults.programs import Web
from tests.installation import Client, Installation, child_environment, data_directory, run
from tests.visitor import Visitor
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.process, pytest.mark.sides("pooled")]

LIFE = """
from mealplanner.telemetry import metrics
metrics.MENUS.labels("ready").inc(2)
metrics.JOB_SECONDS.labels("kitchen.boil").observe(0.3)
metrics.CONNECTIONS_IN_USE.labels("pooled").inc()
"""
"""What a process does that counts something, takes a connection, and dies."""


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


@pytest.fixture
def settings(base_config: Config, database: Database) -> dict[str, str]:
    """Return the environment of such a process."""
    assert database  # whose rows are deleted once the process is gone
    return {
        "DATABASE_URL": base_config.database_url or "",
        "MEALPLANNER_DATA_DIR": str(base_config.data_dir),
        "SECRET_KEY": "only for tests, and long enough",
        "USE_NEW_CONNECTION_HANDLING": "menu,health",
    }


def test_any_process_of_gunicorn_tells_the_figures_of_all(settings: dict[str, str], tmp_path: Path) -> None:
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
    settings: dict[str, str], person: Visitor, tmp_path: Path
) -> None:
    """With its menus, its jobs and its connections; it logs the address."""
    person.post("/menu/", {"start_date": "2026-11-23", "days": "1", "seed": "1", "overlap": "after"})
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


def test_a_port_that_is_taken_is_said(settings: dict[str, str]) -> None:
    """By the command, as a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("worker", "--metrics-port", str(port), **settings)
    assert answer.returncode == 1
    assert answer.stderr == f"Error: Cannot serve metrics on 127.0.0.1:{port}: Address already in use.\n"


def test_one_address_tells_the_figures_of_everything_that_up_runs() -> None:
    """The worker's beside the web's; a killed worker's counts remain, except for what it had in use."""
    with data_directory() as folder:
        installation = Installation(folder).await_ready()
        try:
            client = Client(installation.address)
            client.post("/auth/register", {"email": "eva@example.org", "password": "correct horse battery"})
            client.post("/menu/", {"start_date": "2026-11-23", "days": "1", "seed": "1", "overlap": "after"})
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

"""A worker for faults: the real jobs, and one that reads, calls a gate with nothing open, and writes."""

from __future__ import annotations

import os
import sys

from sqlalchemy import text

from mealplanner.config import Config
from mealplanner.food.catalogue import load_catalogue
from mealplanner.jobs.tasks import JobContext, Task
from mealplanner.jobs.timing import Timing
from mealplanner.jobs.worker import run_worker
from mealplanner.tasks import TASKS
from mealplanner.telemetry.logs import configure_logging
from mealplanner.telemetry.metrics import serving
from tests.faults.gates import call

MARK = "INSERT INTO marks VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET value = marks.value + 1"

WATCHFUL = Timing(heartbeat=0.2, stalled_after=1.5, poll=0.1, grace=0.0, patience=0.5, retry=0.1, longest_restart=0.5)
"""Takes others for dead soon, hands its jobs back at once."""


def read_call_write(context: JobContext, *, gate: str, name: str) -> None:
    """Read, call a gate with nothing open, and write."""
    context.database.run(lambda session: session.scalar(text("SELECT count(*) FROM marks")))
    call(gate, process=os.getpid(), attempt=context.attempt)
    context.database.run(lambda session: session.execute(text(MARK), {"name": name}))


PROBE = Task(name="probe.call", run=read_call_write)


if __name__ == "__main__":
    config = Config.from_environ()
    configure_logging(config)
    load_catalogue()
    tasks = [*(task for task in TASKS if task.every is None), PROBE]  # no housekeeping among the jobs that tests count
    with serving("127.0.0.1", 0, None) as port:
        print(f"http://127.0.0.1:{port}/metrics")
        sys.exit(
            run_worker(
                config,
                tasks,
                slots={task.queue: int(sys.argv[1]) for task in tasks},
                timing=WATCHFUL,
                ready=lambda: print("ready", flush=True),
            )
        )

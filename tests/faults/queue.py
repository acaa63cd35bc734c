"""Jobs, as tests enqueue and observe them."""

from __future__ import annotations

from tests.faults.gates import Gate
from tests.faults.postgres import Postgres
from tests.faults.remote import Remote

STORING = "SELECT pg_advisory_lock(1)"
"""A lock that every worker waits for before it stores the meals of a menu."""


def put(postgres: Postgres, gate: Gate) -> None:
    """Enqueue a job that calls `gate` and then writes a mark."""
    arguments = f'{{"request_id": "faults", "arguments": {{"gate": "{gate.url}", "name": "called"}}}}'
    columns = "queue_name, task_name, args"
    postgres.run(f"INSERT INTO procrastinate_jobs ({columns}) VALUES ('default', 'probe.call', '{arguments}')")


def jobs(postgres: Postgres) -> list[str]:
    """Return the status and the attempts of every job."""
    return postgres.run("SELECT format('%s, %s', status, attempts) FROM procrastinate_jobs ORDER BY id")


def ready(person: Remote, menu: str) -> bool:
    """Return whether a menu is ready."""
    return person.menu_status(menu) == "ready"

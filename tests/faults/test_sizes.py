"""How many processes, threads and connections the web server has, and how long it waits for them."""

from __future__ import annotations

import pytest

from mealplanner import gunicorn
from mealplanner.config import Config
from mealplanner.embedded_postgres.server import SETTINGS
from mealplanner.gunicorn import Sizes, longest_request, sizes
from mealplanner.jobs.worker import CONNECTIONS as QUEUE


@pytest.mark.parametrize(
    ("cpus", "pool", "max_connections", "expected"),
    [
        (1, 10, 100, Sizes(workers=2, threads=8)),
        (2, 10, 100, Sizes(workers=2, threads=8)),
        (4, 10, 100, Sizes(workers=4, threads=8)),
        (64, 10, 100, Sizes(workers=4, threads=8)),
        (64, 10, 60, Sizes(workers=2, threads=8)),
        (64, 30, 100, Sizes(workers=2, threads=8)),
        (4, 3, 100, Sizes(workers=4, threads=3)),
        (4, 1000, 100, Sizes(workers=1, threads=8)),
    ],
)
def test_sizes_follow_from_cores_and_connections(cpus: int, pool: int, max_connections: int, expected: Sizes) -> None:
    """As the table beside the function says."""
    assert sizes(cpus=cpus, pool=pool, max_connections=max_connections) == expected


@pytest.mark.parametrize("cpus", [1, 2, 8, 128])
@pytest.mark.parametrize("pool", [1, 5, 10, 35])
@pytest.mark.parametrize("max_connections", [69, 100, 500])
def test_no_thread_waits_and_postgresql_refuses_no_connection(cpus: int, pool: int, max_connections: int) -> None:
    """Whatever the machine, as long as there is room for one process."""
    fit = sizes(cpus=cpus, pool=pool, max_connections=max_connections)
    assert fit.threads <= pool
    assert fit.workers * pool <= max_connections - gunicorn.SPARE_CONNECTIONS


def test_the_embedded_server_takes_as_many_as_the_sizes_assume() -> None:
    """The sizes do not ask the server, which may be another one, or unavailable."""
    assert SETTINGS["max_connections"] == str(gunicorn.MAX_CONNECTIONS)


def test_what_is_spared_is_enough_for_two_workers_of_jobs_and_a_migration() -> None:
    """Each has the pool of any process, and those of its queue; a migration needs two, and PostgreSQL keeps three."""
    worker = Config().pool_size + Config().pool_overflow + QUEUE + 1
    assert 2 * worker + 2 + 3 <= gunicorn.SPARE_CONNECTIONS


def test_a_stopping_worker_waits_longer_than_any_request_takes() -> None:
    """A connection that comes at the last moment, then a statement that reaches its limit: 3 s, 5 s and 10 s."""
    assert longest_request(Config()) > 3 + 5 + 10
    assert gunicorn.graceful_timeout >= longest_request(gunicorn._configured)


def test_workers_are_not_replaced_at_once() -> None:
    """Each after a number of requests of its own."""
    assert 0 < gunicorn.max_requests_jitter < gunicorn.max_requests

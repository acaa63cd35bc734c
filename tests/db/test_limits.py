"""What every connection is told when it is opened."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from mealplanner.config import Config
from mealplanner.db.limits import TCP_LIMITS
from mealplanner.jobs.timing import Timing
from mealplanner.jobs.worker import connector
from mealplanner.storage.database import Database

pytestmark = pytest.mark.sides("pooled", "direct")


def told(connection: psycopg.Connection[object] | psycopg.AsyncConnection[object]) -> dict[str, str]:
    """The limits of TCP among what a connection was told."""
    return {name: value for name, value in connection.info.get_parameters().items() if name in TCP_LIMITS}


EXPECTED = {name: str(value) for name, value in TCP_LIMITS.items()}


def test_a_server_that_fell_silent_is_noticed(database: Database) -> None:
    """By requests and jobs, on either side of the flag; the system itself would wait for hours."""
    with database.unit_of_work() as unit:
        assert told(unit.session.connection().connection.driver_connection) == EXPECTED  # type: ignore[arg-type]


@pytest.mark.sides("pooled")
def test_the_queue_notices_it_too(config: Config) -> None:
    """On its own connections."""

    async def ask() -> dict[str, str]:
        queue = connector(config, Timing())
        await queue.open_async()
        try:
            async with queue.pool.connection() as connection:
                return told(connection)
        finally:
            await queue.close_async()

    assert asyncio.run(ask()) == EXPECTED

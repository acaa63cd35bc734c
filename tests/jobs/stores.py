"""The queue as two workers see it, for tests of which of them a job belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from procrastinate.jobs import Job

from mealplanner.config import Config
from mealplanner.jobs.store import Store
from mealplanner.jobs.tasks import Task
from mealplanner.jobs.worker import connector
from tests.jobs.workers import QUICK

TASK = Task(name="kitchen.boil", run=lambda _: None)


@asynccontextmanager
async def stores(config: Config) -> AsyncIterator[tuple[Store, Store]]:
    """Open the stores of two workers."""
    one, other = (Store(connector(config, QUICK), QUICK, {"default": 2}, registered=lambda: None) for _ in range(2))
    for store in (one, other):
        await store.connector.open_async()
        await store.register_worker()
    try:
        yield one, other
    finally:
        for store in (one, other):
            await store.connector.close_async()


async def fetch(store: Store) -> Job:
    """Return the next job, which must be there."""
    assert store.worker_id is not None
    job = await store.fetch_job(None, store.worker_id)
    assert job is not None
    return job


async def die(store: Store) -> None:
    """Make the last heartbeat of a worker an old one."""
    query = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' WHERE id = %(id)s"
    await store.connector.execute_query_async(query, id=store.worker_id)


def play(config: Config, scene: Callable[[Store, Store], Coroutine[Any, Any, None]]) -> None:
    """Run `scene` with the stores of two workers."""

    async def play() -> None:
        async with stores(config) as (one, other):
            await scene(one, other)

    asyncio.run(play())

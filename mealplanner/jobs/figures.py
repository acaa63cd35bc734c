"""The figures of the queue in `/metrics`: what waits, who works, and how old the last housekeeping is.

Every worker reports what it sees of all, so a worker that is left alone still shows that the others are gone.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, LiteralString

import procrastinate

from mealplanner.jobs.lanes import LANES, lane_of
from mealplanner.telemetry import metrics

JOBS: Final[LiteralString] = """
    WITH lanes AS (
        SELECT queue_name,
            count(*) FILTER (WHERE status = 'doing') AS running,
            count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS postponed,
            count(*) FILTER (WHERE status = 'todo' AND (scheduled_at <= now()) IS NOT FALSE) AS waiting,
            min(id) FILTER (WHERE status = 'todo' AND (scheduled_at <= now()) IS NOT FALSE) AS oldest
        FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY queue_name
    )
    SELECT queue_name, running, postponed, waiting, coalesce(extract(epoch FROM now() - coalesce(
        (SELECT scheduled_at FROM procrastinate_jobs WHERE id = oldest),
        (SELECT min(at) FROM procrastinate_events WHERE job_id = oldest)
    )), 0)::float8 AS oldest FROM lanes
"""
"""What waits and runs in each queue, and for how many seconds the oldest has been waiting."""

_WORKERS: Final[LiteralString] = """
    SELECT queue_workers.lanes FROM queue_workers JOIN procrastinate_workers ON id = worker_id
    WHERE last_heartbeat > now() - make_interval(secs => %(stalled_after)s)
"""

_CHORES: Final[LiteralString] = (
    "SELECT name, extract(epoch FROM now() - done_at)::float8 AS age FROM chores WHERE done_at IS NOT NULL"
)


async def report(connector: procrastinate.PsycopgConnector, *, stalled_after: float) -> None:
    """Read the figures and set the metrics."""
    jobs = await connector.execute_query_all_async(JOBS)
    workers = await connector.execute_query_all_async(_WORKERS, stalled_after=stalled_after)
    chores = await connector.execute_query_all_async(_CHORES)
    found = {lane_of(row["queue_name"]): row for row in jobs}
    serving = Counter(lane for row in workers for lane in row["lanes"])
    for lane in {*LANES, *found, *serving}:
        row = found.get(lane, {})
        for state in ("waiting", "postponed", "running"):
            metrics.QUEUE_JOBS.labels(lane, state).set(row.get(state, 0))
        metrics.QUEUE_OLDEST.labels(lane).set(row.get("oldest", 0.0))
        metrics.QUEUE_WORKERS.labels(lane).set(serving[lane])
    for row in chores:
        metrics.CHORE_AGE.labels(row["name"]).set(row["age"])

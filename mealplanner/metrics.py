"""Every figure the product counts, in one place; `docs/operations.md` says how to read each of them."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

CONNECTIONS_IN_USE = Gauge(
    "mealplanner_db_connections_in_use",
    "Database connections checked out at the moment.",
    multiprocess_mode="livesum",
)
CONNECTIONS_OPENED = Counter("mealplanner_db_connections_opened_total", "Database connections opened.", ["side"])
CONNECTION_HELD = Histogram(
    "mealplanner_db_connection_held_seconds", "How long a scope kept a connection, by endpoint or job.", ["scope"]
)
POOL_EXHAUSTED = Counter("mealplanner_db_pool_exhausted_total", "Waits for a connection that ended without one.")
TRANSACTIONS = Counter(
    "mealplanner_unit_of_work_total",
    "Units of work by outcome: committed, rolled_back, doomed, left_over, unknown.",
    ["outcome"],
)
HOOK_FAILURES = Counter(
    "mealplanner_unit_of_work_hook_failures_total", "After-commit hooks and always-writes that failed.", ["kind"]
)
REQUESTS = Counter("mealplanner_http_requests_total", "Requests by endpoint and status.", ["endpoint", "status"])
REQUEST_SECONDS = Histogram("mealplanner_http_request_seconds", "Seconds from request to response.", ["endpoint"])
MENUS = Counter("mealplanner_menus_total", "Menus by how their making ended.", ["status"])

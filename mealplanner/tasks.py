"""Every kind of job that the worker runs."""

from __future__ import annotations

from mealplanner import models  # noqa: F401  # needed to translate violated constraints into domain errors
from mealplanner.auth import jobs as auth
from mealplanner.jobs.sweep import SWEEP
from mealplanner.menu.generation.job import GENERATE
from mealplanner.menu.rebalancing.job import REBALANCE
from mealplanner.retention.job import TIDY

TASKS = (GENERATE, REBALANCE, *auth.TASKS, SWEEP, TIDY)

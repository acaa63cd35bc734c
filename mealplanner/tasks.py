"""Every kind of job, for the worker."""

from __future__ import annotations

from mealplanner import models  # noqa: F401  # tells constraints apart by what the models say of them
from mealplanner.auth import jobs as auth
from mealplanner.menu.generation.job import GENERATE

TASKS = (GENERATE, *auth.TASKS)

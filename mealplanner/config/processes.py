"""What our processes share through the environment: variables for children, and the folder of metrics.

Processes add up their metrics in a folder of files; `PROMETHEUS_MULTIPROC_DIR` tells prometheus-client where it is.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with `changes`, for a child."""
    return {**os.environ, **changes}


def helper_environment() -> dict[str, str]:
    """Return this process's environment for a child that only computes, on one core, and counts nothing."""
    environment = child_environment(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    return environment


def metrics_folder() -> Path | None:
    """Return the folder of shared metrics, or None when this process keeps its metrics to itself."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return None if folder is None else Path(folder)


def share_metrics() -> None:
    """Make a folder of metrics for this process and its children, and remove it when this process ends.

    Call this before `mealplanner.telemetry.metrics` is imported.
    """
    maker, folder = os.getpid(), tempfile.mkdtemp(prefix="mealplanner-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder

    def clear() -> None:
        if os.getpid() == maker:  # a forked child runs this handler too
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)

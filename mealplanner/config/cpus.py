"""How many processes may compute at the same time, by what the system and the container grant."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

CGROUPS: Final = Path("/sys/fs/cgroup")
"""Where Linux shows the limits of a container to its processes."""


def usable_cpus(cgroups: Path = CGROUPS) -> int:
    """Return the number of cores that this process may keep busy, at least 1.

    That is the least of the cores that it may run on and of the quota of its container, which is rounded up.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota(cgroups)
    return max(1, affinity if quota is None else min(affinity, math.ceil(quota)))


def _quota(cgroups: Path) -> float | None:
    """Return the quota in cores; None without one. The first file is of cgroups version 2, the others of version 1."""
    if (text := _read(cgroups / "cpu.max")) is not None:
        quota, period = text.split()
    else:
        quota, period = (_read(cgroups / "cpu" / f"cpu.cfs_{name}_us") or "-1" for name in ("quota", "period"))
    if quota == "max" or int(quota) <= 0 or int(period) <= 0:
        return None
    return int(quota) / int(period)


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except OSError:
        return None

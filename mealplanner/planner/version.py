"""The versions of the planner's decisions, and of what it counts."""

from __future__ import annotations

from typing import Final

PLANNER_VERSION: Final = "9"
"""Goes up whenever equal requests on equal catalogues give other plans than before. Stored with every menu."""

POINTS_VERSION: Final = "8"
"""The planner's version that last changed what a week may hold or what `week.cost` makes of it. A bound on these points
holds for every later search."""

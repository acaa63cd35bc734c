"""The version of the planner's decisions."""

from __future__ import annotations

from typing import Final

PLANNER_VERSION: Final = "8"
"""Goes up whenever equal requests on equal catalogues give other plans than before. Stored with every menu."""

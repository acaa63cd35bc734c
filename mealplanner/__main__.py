"""`python -m mealplanner`."""

from __future__ import annotations

from mealplanner.cli import main

main()

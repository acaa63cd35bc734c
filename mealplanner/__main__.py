"""`python -m mealplanner`."""

from __future__ import annotations

from mealplanner.cli.main import main

main()

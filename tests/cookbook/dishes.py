"""A dish of the catalogue, and one of a person's own."""

from __future__ import annotations

from dataclasses import replace

from mealplanner.food.catalogue import load_catalogue

DISH = load_catalogue().recipes[0]
OWN = replace(DISH, slug="own-soup", title="<b>A soup</b> of one's own", appliances=frozenset())

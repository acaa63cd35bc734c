"""How connected the weeks of the benchmark's profiles are: `python -m tests.benchmarks.connected`, from the root.

Prints for each profile what a week buys, what of it spoils after one use, how long a day's cooking takes, what is used
in whole eggs, slices and tins, and how many days keep every target: first with no habit that matters, then with the
levels of a new person or those that are asked for.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from statistics import mean, median

from mealplanner.food.catalogue import Catalogue, load_catalogue
from mealplanner.food.goods import all_goods
from mealplanner.planner.connected import Connections, connections
from mealplanner.planner.habits import LEVELS, Habits
from mealplanner.planner.limits import WEEK
from mealplanner.planner.model import FIGURES, PlanRequest
from mealplanner.planner.plan import plan
from mealplanner.planner.results import Plan
from mealplanner.preferences.values import HABITS, Preferences
from tests.benchmarks.profiles import PROFILES, Profile

_USUAL = Habits(*(LEVELS.index(getattr(Preferences(), habit)) for habit in HABITS))
_HEADER = "foods  once  dishes  minutes  whole  servings  days within  macros off  s CPU"


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description="Plans for fixed profiles and prints how connected the weeks are.")
    parser.add_argument("--seeds", type=int, default=1, help="seeds for each profile (default 1)")
    parser.add_argument("--only", default="", help="only profiles whose name contains this")
    parser.add_argument(
        "--levels", type=int, nargs=4, default=astuple(_USUAL), help=f"from 0 to 3, for {', '.join(HABITS)}"
    )
    options = parser.parse_args()
    catalogue = load_catalogue()
    profiles = [profile for profile in PROFILES if options.only in profile.name]
    for habits in dict.fromkeys([Habits(), Habits(*options.levels)]):
        print(f"{', '.join(f'{name} {LEVELS[level]}' for name, level in zip(HABITS, astuple(habits), strict=True))}")
        print(f"{'profile':32}{_HEADER}")
        rows = []
        for profile in profiles:
            rows.append(_row(profile, habits, range(1, options.seeds + 1), catalogue))
            print(f"{profile.name:32}{_text(rows[-1])}", flush=True)
        print(f"{'median':32}{_text({name: median(row[name] for row in rows) for name in rows[0]})}\n", flush=True)


def _row(profile: Profile, habits: Habits, seeds: Iterable[int], catalogue: Catalogue) -> Mapping[str, float]:
    found = []
    for seed in seeds:
        request = replace(profile.request(seed), goods=all_goods(), habits=habits)
        started = time.process_time()
        made = plan(request, catalogue.recipes, catalogue.foods)
        found.append(_figures(request, made, time.process_time() - started))
    return {name: mean(row[name] for row in found) for name in found[0]}


def _figures(request: PlanRequest, made: Plan, seconds: float) -> Mapping[str, float]:
    weeks = [_week(made, first, request) for first in range(0, request.days, WEEK)]
    counted = sum(week.counted for week in weeks)
    return {
        "foods": mean(week.foods for week in weeks),
        "once": mean(week.single_use for week in weeks),
        "dishes": mean(week.dishes for week in weeks),
        "minutes": mean(week.minutes for week in weeks),
        "whole": 100 * sum(week.whole for week in weeks) / counted if counted else 100.0,
        "servings": 100 * sum(week.servings for week in weeks) / sum(week.meals for week in weeks),
        "within": 100 * (1 - len({missed.day for missed in made.shortfalls}) / request.days),
        "off": mean(_deviations(request, made)),
        "seconds": seconds,
    }


def _deviations(request: PlanRequest, made: Plan) -> Iterable[float]:
    """Yield how many percent the macros of each day differ from their targets."""
    for day in made.days:
        for name in FIGURES[1:]:
            yield 100 * abs(getattr(day.totals, name) / getattr(request.target, name) - 1)


def _week(made: Plan, first: int, request: PlanRequest) -> Connections:
    return connections(made.days[first : first + WEEK], all_goods(), request.servings)


def _text(row: Mapping[str, float]) -> str:
    foods, once, dishes, minutes, whole, servings, within, off, seconds = row.values()
    return (
        f"{foods:5.0f} {once:5.1f} {dishes:7.1f} {minutes:8.0f} {whole:4.0f} % {servings:7.0f} % {within:10.0f} % "
        f"{off:8.1f} % {seconds:6.2f}"
    )


if __name__ == "__main__":
    main()

"""How good each benchmark profile's first week can be: `python -m tests.benchmarks.optimum`, from the root.

Every value is proved: no week of the whole catalogue costs less than its bound. It comes from the prices of a search by
column generation that leaves no combination out, by Lagrange's bound, and so does not rest on what the search found.
The best week known stands beside it, counted anew by `cost`. Values are stored as they are found, for this catalogue
and these points; `python -m tests.benchmarks.planner` reports how far its plans lie above them.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from mealplanner.food.catalogue import Catalogue, load_catalogue
from mealplanner.planner.limits import WEEK
from mealplanner.planner.model import PlanRequest
from mealplanner.planner.pool import open_pool
from mealplanner.planner.problem import Problem
from mealplanner.planner.results import PlannedDay
from mealplanner.planner.search import Effort, search, solve
from mealplanner.planner.version import POINTS_VERSION
from mealplanner.planner.week import Choice, cost
from mealplanner.planner.weeks import week_problem
from tests.benchmarks.profiles import PROFILES

STORED: Final = Path(__file__).with_name("optimum.tsv")

_PROOF: Final = Effort(rounds=80, width=6_000_000, branches=2_000, near=0.0005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """What is known of a profile's first week with one seed."""

    profile: str
    seed: int
    catalogue: str
    planner: str
    """The version that brought the points which are counted."""
    bound: float
    """No week costs less."""
    known: float
    """What the best week known costs."""

    def holds_for(self, catalogue: Catalogue) -> bool:
        """Return whether it is of `catalogue` and of the points that the planner counts."""
        return (self.catalogue, self.planner) == (catalogue.version, POINTS_VERSION)


def first_week(request: PlanRequest, catalogue: Catalogue) -> Problem:
    """Return the first week of a plan, with every dish of the catalogue that the request admits."""
    return week_problem(request, open_pool(request, catalogue.recipes, catalogue.foods).admitted())


def points_of(problem: Problem, days: Sequence[PlannedDay]) -> float:
    """Return what the first `days` of a plan cost as a week of `problem`."""
    numbers = {dish.recipe.slug: number for number, dish in enumerate(problem.dishes)}
    choice: Choice = tuple(
        tuple(
            next(
                option
                for option in (problem.slots[slot].dish == numbers[meal.recipe.slug]).nonzero()[0].tolist()
                if problem.slots[slot].portion[option] == meal.portion
            )
            for slot, meal in enumerate(day.meals)
        )
        for day in days[:WEEK]
    )
    return cost(problem, choice)


def stored() -> dict[tuple[str, int], Optimum]:
    """Return the stored values by profile and seed."""
    if not STORED.exists():
        return {}
    with STORED.open(encoding="utf-8", newline="") as file:
        found = [
            Optimum(
                profile=row["profile"],
                seed=int(row["seed"]),
                catalogue=row["catalogue"],
                planner=row["planner"],
                bound=float(row["bound"]),
                known=float(row["known"]),
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]
    return {(one.profile, one.seed): one for one in found}


def main() -> None:
    """Find the values that are not stored for this catalogue and these points, and print how near the search comes."""
    parser = argparse.ArgumentParser(description="Proves how good the first week of each profile can be.")
    parser.add_argument("--seeds", type=int, default=3, help="seeds for each profile (default 3)")
    parser.add_argument("--only", default="", help="only profiles whose name contains this")
    options = parser.parse_args()
    catalogue = load_catalogue()
    print(
        f"{'profile':32}{'seed':>4}{'bound':>10}{'known':>10}{'search':>10}{'gap %':>8}{'s search':>10}{'s proof':>9}"
    )
    gaps = []
    for profile in PROFILES:
        for seed in range(1, options.seeds + 1):
            if options.only in profile.name:
                gaps.append(_report(profile.name, seed, profile.request(seed), catalogue))
    gaps.sort()
    high = gaps[int(0.95 * len(gaps))]
    print(f"gap: median {gaps[len(gaps) // 2]:.2f} %, 95th percentile {high:.2f} %, worst {gaps[-1]:.2f} %")


def _report(name: str, seed: int, request: PlanRequest, catalogue: Catalogue) -> float:
    problem = first_week(request, catalogue)
    started = time.process_time()
    choice = search(problem)
    searched = time.process_time() - started
    points = cost(problem, choice)
    known = stored().get((name, seed))
    proved = 0.0
    if known is None or not known.holds_for(catalogue):
        started = time.process_time()
        solution = solve(problem, start=choice, effort=_PROOF)
        proved = time.process_time() - started
        known = Optimum(
            profile=name,
            seed=seed,
            catalogue=catalogue.version,
            planner=POINTS_VERSION,
            bound=round(solution.bound, 4),
            known=round(cost(problem, solution.choice), 4),
        )
        _store(known)
    gap = 100 * (points / known.bound - 1)
    print(
        f"{name:32}{seed:4}{known.bound:10.2f}{known.known:10.2f}{points:10.2f}{gap:8.2f}{searched:10.2f}{proved:9.1f}",
        flush=True,
    )
    return gap


def _store(found: Optimum) -> None:
    every = stored() | {(found.profile, found.seed): found}
    with STORED.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(one.name for one in fields(Optimum))
        rows.writerows(astuple(every[key]) for key in sorted(every))


if __name__ == "__main__":
    main()

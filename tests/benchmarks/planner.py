"""What the planner reaches on the package's catalogue: `python -m tests.benchmarks.planner`, from the root.

A fixed set of profiles, each with the same seeds. For each profile it prints how far the days lie from their targets,
how often limits are broken, how varied the weeks are and how long they take; then the sentences of the plans that miss
a target. Figures are comparable between two runs on the same catalogue; seconds only on the same machine.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import mean, quantiles

from mealplanner.food.catalogue import Catalogue, load_catalogue
from mealplanner.planner.limits import WEEK, breaches, week_limits
from mealplanner.planner.model import FIGURES, KINDS, MAIN, TOLERANCE
from mealplanner.planner.plan import plan
from mealplanner.planner.pool import open_pool, rules
from mealplanner.planner.restrictions import refusal
from mealplanner.planner.results import Plan
from tests.benchmarks.optimum import first_week, points_of, stored
from tests.benchmarks.profiles import PROFILES, Profile


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description="Plans for fixed profiles and prints what the plans reach.")
    parser.add_argument("--seeds", type=int, default=3, help="seeds for each profile (default 3)")
    parser.add_argument("--only", default="", help="only profiles whose name contains this")
    parser.add_argument("--pool", action="store_true", help="print how many dishes each profile can choose from")
    options = parser.parse_args()
    catalogue = load_catalogue()
    print(f"{len(catalogue.recipes)} recipes, {len(catalogue.foods)} foods, {options.seeds} seeds a profile\n")
    profiles = [profile for profile in PROFILES if options.only in profile.name]
    if options.pool:
        _print_pools(profiles, catalogue)
    _print_plans(profiles, catalogue, range(1, options.seeds + 1))


def _print_pools(profiles: Iterable[Profile], catalogue: Catalogue) -> None:
    print(f"{'dishes to choose from':28}{''.join(f'{kind:>12}' for kind in KINDS)}  proteins cuisines of mains")
    for profile in profiles:
        pool = open_pool(profile.request(1), catalogue.recipes, catalogue.foods)
        mains = [dish.recipe for dish in pool.admitted(MAIN)]
        counts = "".join(f"{len(pool.admitted(kind)):12}" for kind in KINDS)
        proteins, cuisines = ({getattr(recipe, name) for recipe in mains} for name in ("main_protein", "cuisine"))
        print(f"{profile.name:28}{counts}  {len(proteins):8} {len(cuisines):8}")
    print()


def _print_plans(profiles: Iterable[Profile], catalogue: Catalogue, seeds: Iterable[int]) -> None:
    header = (
        "kcal % mean/worst  macros % mean/worst  days within  breaches  mains  proteins cuisines  Jaccard  s CPU  gap %"
    )
    print(f"{'profile':28}{header}")
    notes, seconds, every, gaps = [], [], [], []
    for profile in profiles:
        plans = []
        for seed in seeds:
            started = time.process_time()
            plans.append(plan(profile.request(seed), catalogue.recipes, catalogue.foods))
            seconds.append(time.process_time() - started)
        gaps += (found := _gaps(profile, plans, catalogue))
        _print_row(profile, plans, catalogue, seconds[-len(plans) :], found)
        every += [(profile, made) for made in plans]
        notes += [f"{profile.name}, seed {seed}: {' '.join(made.advice)}" for seed, made in enumerate(plans, 1)]
    offs = [off for profile, made in every for off in _deviations(profile, made)]
    weekly = [taken for taken, (profile, _) in zip(seconds, every, strict=True) if profile.days == WEEK]
    print(f"\nall: {_within(offs):.1%} of days within; {len(every)} plans", end="")
    print(f"; CPU seconds a week p50 {_percentile(weekly, 50):.2f}, p95 {_percentile(weekly, 95):.2f}")
    if len(gaps) < len(every):
        print(f"{len(every) - len(gaps)} plans have no stored bound: run python -m tests.benchmarks.optimum")
    print(f"points above the bound: p50 {_percentile(gaps, 50):.2f} %, p95 {_percentile(gaps, 95):.2f} %\n")
    print("\n".join(note for note in notes if not note.endswith(": ")))


def _gaps(profile: Profile, plans: Sequence[Plan], catalogue: Catalogue) -> list[float]:
    """Return how many percent the first week of each plan costs more than its proved bound, where that is stored."""
    bounds = stored()
    return [
        100 * (points_of(first_week(profile.request(seed), catalogue), made.days) / known.bound - 1)
        for seed, made in enumerate(plans, 1)
        if (known := bounds.get((profile.name, seed))) and known.holds_for(catalogue)
    ]


def _print_row(
    profile: Profile, plans: Sequence[Plan], catalogue: Catalogue, seconds: Sequence[float], gaps: Sequence[float]
) -> None:
    offs = [off for made in plans for off in _deviations(profile, made)]
    kcal, macros = [off[0] for off in offs], [value for off in offs for value in off[1:]]
    weeks = [made.days[first : first + WEEK] for made in plans for first in range(0, profile.days, WEEK)]
    mains = [[meal.recipe for day in week for meal in day.meals if meal.slot.kind == MAIN] for week in weeks]
    distinct = mean(len({recipe.slug for recipe in week}) / len(week) for week in mains)
    proteins = mean(_effective(recipe.main_protein for recipe in week) for week in mains)
    cuisines = mean(_effective(recipe.cuisine for recipe in week) for week in mains)
    dishes = [{meal.recipe.slug for day in made.days for meal in day.meals} for made in plans]
    jaccard = mean([len(one & two) / len(one | two) for one, two in combinations(dishes, 2)] or [math.nan])
    print(
        f"{profile.name:28}{mean(kcal):8.2f} {max(kcal):6.2f}   {mean(macros):9.2f} {max(macros):7.2f}   "
        f"{_within(offs):10.0%} {sum(_violations(profile, made, catalogue) for made in plans):8} "
        f"{distinct:8.0%} {proteins:8.1f} {cuisines:8.1f} {jaccard:8.2f} {max(seconds):6.2f} "
        f"{mean(gaps) if gaps else math.nan:6.2f}"
    )


def _deviations(profile: Profile, made: Plan) -> list[tuple[float, ...]]:
    """For each day, return how many percent each figure differs from its target."""
    target = profile.request(1).target
    return [
        tuple(100 * abs(getattr(totals, name) / getattr(target, name) - 1) for name in FIGURES)
        for totals in (day.totals for day in made.days)
    ]


def _within(offs: Sequence[tuple[float, ...]]) -> float:
    return mean(max(off) <= 100 * TOLERANCE for off in offs)


def _violations(profile: Profile, made: Plan, catalogue: Catalogue) -> int:
    """Return broken rules of any sort: refused foods, too long dishes, missing appliances, limits of the week."""
    request = profile.request(1)
    dishes = open_pool(request, catalogue.recipes, catalogue.foods).admitted()
    broken = 0
    for first in range(0, request.days, WEEK):
        week = made.days[first : first + WEEK]
        broken += len(breaches(week, week_limits(request, len(week), dishes, first=first), request.target.kcal))
    meals = [meal.recipe for day in made.days for meal in day.meals]
    return broken + sum(
        refusal(recipe, catalogue.foods, rules(request)) is not None
        or recipe.minutes > request.minutes_per_meal
        or not recipe.appliances <= request.appliances
        for recipe in meals
    )


def _effective(names: Iterable[str]) -> float:
    """Return how many equally frequent names would be as varied: the exponential of their entropy."""
    counts = Counter(names)
    whole = sum(counts.values())
    return math.exp(-sum(count / whole * math.log(count / whole) for count in counts.values()))


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else math.nan


if __name__ == "__main__":
    main()

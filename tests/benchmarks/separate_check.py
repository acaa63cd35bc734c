"""Plan for random people, prove every meal again: `python -m tests.benchmarks.separate_check`, from the root.

The requests go the product's way, from preferences to `planner.plan.plan`. Only remedies are not tried, which change no
meal and which `tests/planner/test_remedies.py` plans again. What is checked, and by what words, is in
`tests/second_proof`, which shares no line with the planner. Seeded: `--seed 7 --first 120 --meals 1` plans for person
120 again. Prints every violation at once, a running total after every 20 plans, and a summary; ends with 1 when there
was a violation.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from unittest.mock import patch

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.menu.generation.plan_request import request_for
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.planner.results import Plan
from tests.benchmarks.random_wishes import random_wish
from tests.second_proof.meals import KINDS
from tests.second_proof.plans import days_on_target, suiting, violations

EVERY = 20
"""Plans between two lines of the running total."""


@dataclass(frozen=True)
class Checked:
    """What was found in the plan of one person."""

    number: int
    diet: str
    meals: int
    days: int
    on_target: int
    violations: list[str]


@dataclass
class Tally:
    """What was found so far."""

    plans: int = 0
    without: int = 0
    """People for whom no dish suits some meal."""
    meals: Counter[str] = field(default_factory=Counter)
    """By diet."""
    days: int = 0
    on_target: int = 0
    violations: int = 0

    def add(self, checked: Checked) -> None:
        """Count one more."""
        self.plans += 1
        self.without += not checked.meals
        self.meals[checked.diet] += checked.meals
        self.days += checked.days
        self.on_target += checked.on_target
        self.violations += len(checked.violations)

    def __str__(self) -> str:
        return (
            f"{self.meals.total():,} meals of {self.plans:,} people, {self.without:,} of whom no dish suits; "
            f"{self.on_target:,} of {self.days:,} days on target; {self.violations:,} violations"
        )


def main() -> int:
    """Plan, check and print; return how the program ends."""
    parser = argparse.ArgumentParser(description="Plans for random people and proves every meal a second time.")
    parser.add_argument("--meals", type=int, default=100_000, help="how many at least (default 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the people (default 1)")
    parser.add_argument("--first", type=int, default=0, help="the person to begin with (default 0)")
    parser.add_argument("--processes", type=int, default=1, help="how many plan at once (default 1)")
    options = parser.parse_args()
    started, tally = time.monotonic(), Tally()
    with checks(options.seed, options.first, options.processes) as found:
        for checked in found:
            tally.add(checked)
            for wrong in checked.violations:
                print(f"VIOLATION --seed {options.seed} --first {checked.number} ({checked.diet}): {wrong}", flush=True)
            if tally.plans % EVERY == 0:
                print(f"{time.monotonic() - started:,.0f} s: {tally}", flush=True)
            if tally.meals.total() >= options.meals:
                break
    print(f"\nSeed {options.seed}, people {options.first} to {checked.number}, {time.monotonic() - started:,.0f} s.")
    print("Meals by diet:", ", ".join(f"{diet} {meals:,}" for diet, meals in sorted(tally.meals.items())))
    print(tally)
    return 1 if tally.violations else 0


@contextmanager
def checks(seed: int, first: int, processes: int) -> Iterator[Iterator[Checked]]:
    """Return what is found for one person after the other, without end."""
    people = ((seed, number) for number in count(first))
    with ExitStack() as stack:
        if processes == 1:
            yield map(check, people)
        else:
            pool = stack.enter_context(get_context("spawn").Pool(processes))
            yield pool.imap(check, people)


def check(person: tuple[int, int]) -> Checked:
    """Plan for a person, the `number` of a `seed`, and check the plan."""
    return checked_plan(person[1], random_wish(*person))


def checked_plan(number: int, inputs: GenerationInputs) -> Checked:
    """Plan for `inputs`, those of person `number`, and check the plan."""
    diet = inputs.preferences.diet_type
    try:
        made = planned(inputs)
    except NothingFits as error:
        return Checked(number, diet, 0, 0, 0, unfounded(inputs, error))
    catalogue = {recipe.slug: recipe for recipe in load_catalogue().recipes}
    meals = sum(len(day.meals) for day in made.days)
    wrong = violations(inputs, made, catalogue)
    return Checked(number, diet, meals, len(made.days), days_on_target(inputs, made), wrong)


def planned(inputs: GenerationInputs) -> Plan:
    """Plan as the product does, but try no remedies."""
    catalogue = load_catalogue()
    with patch("mealplanner.planner.advice.find_remedies", lambda *_: ()):
        return plan(request_for(inputs, catalogue.foods), catalogue.recipes, catalogue.foods)


def unfounded(inputs: GenerationInputs, error: NothingFits) -> list[str]:
    """Return what is wrong with the claim that no dish suits some meal: dishes that do for every meal."""
    catalogue = {recipe.slug: recipe for recipe in load_catalogue().recipes}
    meals = [*inputs.preferences.meal_times, *["snack"] * inputs.preferences.snacks_per_day]
    found = {kind: suiting(inputs, kind, catalogue) for kind in sorted({KINDS[meal] for meal in meals})}
    return [] if not all(found.values()) else [f"{error}, yet {slugs[0]} suits" for slugs in found.values()]


if __name__ == "__main__":
    sys.exit(main())

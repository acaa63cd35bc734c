"""A week under construction, and what every option would cost at one of its places."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mealplanner.planner.problem import Problem
from mealplanner.planner.scoring import Floats, Ints
from mealplanner.planner.standing import Place

Choice = tuple[tuple[int, ...], ...]
"""For each day and slot, an index into the slot's options; -1 where nothing is chosen."""


class Week:
    """What stands where, and how often. Places are empty (-1) until something is put there.

    What the problem keeps stands from the beginning; it is no choice, but it counts.
    """

    def __init__(self, problem: Problem, choice: Choice | None = None) -> None:
        self.problem = problem
        self.choice: Ints = np.full((problem.days, len(problem.slots)), -1, np.intp)
        self.dish: Ints = self.choice.copy()
        self.totals: NDArray[np.float64] = np.zeros((problem.days, problem.goal.size))
        self.minutes: NDArray[np.float64] = np.zeros(problem.days)
        self.uses: Ints = np.zeros(len(problem.dishes), np.intp)
        self.proteins: Ints = np.zeros(problem.protein.max() + 1, np.intp)
        self.cuisines: Ints = np.zeros(problem.cuisine.max() + 1, np.intp)
        self.meat_or_fish: Ints = np.zeros(2, np.intp)
        self._keep()
        if choice is not None:
            for day, slot in problem.places:
                self.put((day, slot), choice[day][slot])

    def put(self, place: Place, option: int) -> None:
        """Serve `option` at the empty `place`."""
        self.choice[place] = option
        self._count(place, option, 1)

    def lift(self, place: Place) -> int:
        """Empty `place` and return what stood there."""
        option = int(self.choice[place])
        self.choice[place] = -1
        self._count(place, option, -1)
        return option

    def frozen(self) -> Choice:
        """Return what stands where, as a value."""
        return tuple(tuple(day) for day in self.choice.tolist())

    def served(self, day: int, slots: Iterable[int]) -> list[int]:
        """Return the dishes that stand on `slots` of `day`."""
        row = self.dish[day]
        return [int(row[slot]) for slot in slots if row[slot] >= 0]

    def own_points(self, place: Place) -> Floats:
        """Return what each option of the empty `place` costs, apart from the figures and minutes of its day."""
        day, slot = place
        problem, breach = self.problem, np.float32(self.problem.scoring.breach)
        points: Floats = ((self.uses >= problem.times) | problem.barred[day]) * breach
        if problem.dishes_differ:
            points[self.served(day, range(len(problem.slots)))] += breach
        if slot in problem.mains:
            points += self._group_points(self.proteins, problem.protein_times)[problem.protein]
            points += self._group_points(self.cuisines, problem.cuisine_times)[problem.cuisine]
            if problem.proteins_differ:
                for dish in self.served(day, problem.mains):
                    points[problem.protein == problem.protein[dish]] += breach
        points += self._unwanted(slot)[problem.meat_or_fish]
        options = problem.slots[slot]
        return options.points + points[options.dish]

    def shared_points(self, place: Place) -> Floats:
        """Return what each option of the empty `place` costs by what it shares with the other meals, or does not."""
        options, sharing = self.problem.slots[place[1]], self.problem.sharing
        points = sharing.marginal(self.uses) if sharing else np.zeros(self.uses.size)
        return points.astype(np.float32)[options.dish]

    def day_points(self, place: Place) -> Floats:
        """Return what the day of the empty `place` costs by its figures and minutes with each option."""
        day, slot = place
        problem, options = self.problem, self.problem.slots[slot]
        rest = (self.totals[day] - problem.goal).astype(np.float32)
        return problem.scoring.day_points(options.figures + rest[:, None]) + self.overtime(day, options.minutes)

    def overtime(self, day: int, minutes: Floats) -> Floats:
        """Return what `minutes` more than those that stand on `day` cost."""
        over = np.maximum(minutes + np.float32(self.minutes[day] - self.problem.minutes[day]), 0)
        points: Floats = ((over > 0) + over / 60) * np.float32(self.problem.scoring.breach)
        return points

    def _group_points(self, served: Ints, times: Ints | int) -> Floats:
        scoring = self.problem.scoring
        return ((served >= times) * scoring.breach + served * scoring.variety).astype(np.float32)

    def _unwanted(self, slot: int) -> Floats:
        """Return what one more dish without and with meat or fish costs at `slot`."""
        over = self.meat_or_fish >= self.problem.meat_or_fish_times
        over[0] &= slot in self.problem.mains
        return (over * self.problem.scoring.meat_or_fish).astype(np.float32)

    def _keep(self) -> None:
        kept = self.problem.kept
        for day, figures in kept.totals.items():
            self.totals[day] += figures
        for day, minutes in kept.minutes.items():
            self.minutes[day] += minutes
        for place, dish in kept.meals.items():
            self._count_dish(place, dish, 1)

    def _count(self, place: Place, option: int, sign: int) -> None:
        day, slot = place
        options = self.problem.slots[slot]
        self.totals[day] += sign * options.figures[:, option].astype(np.float64)
        self.minutes[day] += sign * float(options.minutes[option])
        self._count_dish(place, int(options.dish[option]), sign)

    def _count_dish(self, place: Place, dish: int, sign: int) -> None:
        self.dish[place] = dish if sign > 0 else -1
        self.uses[dish] += sign
        with_meat = int(self.problem.meat_or_fish[dish])
        if with_meat or place[1] in self.problem.mains:
            self.meat_or_fish[with_meat] += sign
        if place[1] in self.problem.mains:
            self.proteins[self.problem.protein[dish]] += sign
            self.cuisines[self.problem.cuisine[dish]] += sign


def cost(problem: Problem, choice: Choice, days: Iterable[int] | None = None) -> float:
    """Return the points of a whole week, counted from nothing: what the search minimises.

    With `days`, only the figures and minutes of these are counted.
    """
    week, scoring = Week(problem), problem.scoring
    points = 0.0
    for day, slot in problem.places:
        # Laid down one by one, each meal pays for what it repeats of the meals before it.
        points += float(week.own_points((day, slot))[choice[day][slot]])
        week.put((day, slot), choice[day][slot])
    for day in range(problem.days) if days is None else days:
        points += float(scoring.day_points((week.totals[day] - problem.goal).astype(np.float32)[:, None])[0])
        points += float(week.overtime(day, np.zeros(1, np.float32))[0])
    return points + (problem.sharing.points(week.uses) if problem.sharing else 0.0)

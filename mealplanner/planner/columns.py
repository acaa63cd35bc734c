"""A week as a choice among whole days: days that are filled alike, the best ones at given prices, and their mixture.

What binds the days of a week together are groups of dishes: the servings of one dish, the mains of one protein, those
of one cuisine, the meals with meat or fish. Each further member of a group costs more. At given prices for one more of
each group the days of a week are independent, and the best of them are found exactly; the prices come from the best
mixture of the days found so far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mealplanner.planner.day_prices import Day, Meal
from mealplanner.planner.master import Master
from mealplanner.planner.problem import Problem
from mealplanner.planner.scoring import Doubles, Ints
from mealplanner.planner.week import Choice, Week
from mealplanner.planner.whole_days import Found, Hint, best_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Days of a week that want the same."""

    numbers: tuple[int, ...]
    """Of the days."""
    slots: tuple[int, ...]
    """The places to be filled on each of them."""
    options: tuple[Ints, ...]
    """For each slot, the options that break no rule by themselves, if there are such."""
    groups: tuple[Ints, ...]
    """For each slot, shape (4, options): the groups of each option, negative where it has none."""
    day: Day
    """Without prices."""

    def holds(self, other: Sort) -> bool:
        """Return whether every day of `other` is one of these too, and costs the same."""
        return (
            self.slots == other.slots
            and self.day.minutes >= other.day.minutes
            and np.array_equal(self.day.lacking, other.day.lacking)
            and all(
                np.isin(theirs, ours).all() and np.array_equal(mine.own[np.searchsorted(ours, theirs)], meal.own)
                for ours, theirs, mine, meal in zip(
                    self.options, other.options, self.day.meals, other.day.meals, strict=True
                )
            )
        )

    def among(self, other: Sort, picks: Ints) -> tuple[Ints, Ints]:
        """Return which of the days `picks` of `other` can be days of these too, and their picks here."""
        minutes = sum(meal.minutes[rows] for meal, rows in zip(other.day.meals, picks, strict=True))
        kept, found = minutes <= self.day.minutes, []
        for ours, theirs, rows in zip(self.options, other.options, picks, strict=True):
            places = np.minimum(np.searchsorted(ours, theirs[rows]), ours.size - 1)
            kept &= ours[places] == theirs[rows]
            found.append(places)
        days = np.flatnonzero(kept)
        return days, np.stack(found)[:, days]


class Columns:
    """The days that were found for a week."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._week = Week(problem)
        counts = [self._week.uses, self._week.proteins, self._week.cuisines, self._week.meat_or_fish]
        self._ends = np.cumsum([count.size for count in counts]).tolist()
        slots = len(problem.mains), len(problem.slots)
        self._bounded = np.array(problem.meat_or_fish_times) < problem.days * np.array(slots)
        self.sorts = tuple(self._sort(days) for days in _alike(self._week))
        self.wider = tuple(self._wider(number) for number in range(len(self.sorts)))
        """For each sort, another one that holds all of its days, if there is one: of a day that bars fewer dishes."""
        self.master = Master([len(sort.numbers) for sort in self.sorts], self._ends[-1], self.group_costs)
        self._days: list[tuple[int, Ints]] = []
        self._known: set[tuple[int, ...]] = set()
        self.first_prices: Doubles = np.zeros(self._ends[-1])
        """What the first member of each group costs: more than nothing where the week keeps some already."""
        for group in np.flatnonzero(np.concatenate(counts)).tolist():
            self.first_prices[group] = self.group_costs(group)[0]

    def group_costs(self, group: int) -> list[float]:
        """Return what each further member of a group costs, rising; the last holds for all that follow."""
        problem, week, variety = self.problem, self._week, self.problem.scoring.variety
        dishes, proteins, cuisines, _ = self._ends
        if group >= cuisines:
            served, times = int(week.meat_or_fish[group - cuisines]), problem.meat_or_fish_times[group - cuisines]
            return [(count >= times) * problem.scoring.meat_or_fish for count in range(served, max(served, times) + 1)]
        if group < dishes:
            served, times, variety = int(week.uses[group]), int(problem.times[group]), 0.0
        elif group < proteins:
            served, times = int(week.proteins[group - dishes]), problem.protein_times
        else:
            served, times = int(week.cuisines[group - proteins]), int(problem.cuisine_times[group - proteins])
        return [
            count * variety + (count >= times) * problem.scoring.breach
            for count in range(served, max(served, times) + 1)
        ]

    def best(
        self, sort: Sort, prices: Doubles, *, limit: float, most: int, width: int, hint: Hint | None = None
    ) -> Found:
        """Return the best days of `sort` at `prices` for the groups, as `whole_days.best_days` does.

        Where no day keeps the rules of a day, its meals may be any.
        """
        scoring, priced = self.problem.scoring, np.append(prices, 0.0)
        day = replace(
            sort.day,
            meals=[
                replace(meal, own=meal.own + priced[groups].sum(axis=0))
                for meal, groups in zip(sort.day.meals, sort.groups, strict=True)
            ],
        )
        found = best_days(day, scoring, limit=limit, most=most, width=width, hint=hint)
        if found.points.size or found.bound < min(limit, scoring.breach):
            return found
        return best_days(_without_rules(day), scoring, limit=limit, most=most, width=width, hint=hint)

    def narrowed(self, number: int, found: Found) -> Found:
        """Return those of the best days `found` of the wider sort that can be days of the sort `number`: the best of
        these too."""
        wider = self.wider[number]
        assert wider is not None
        days, picks = self.sorts[number].among(self.sorts[wider], found.picks)
        return replace(found, picks=picks, points=found.points[days])

    def bound(self, prices: Doubles, days: Sequence[float]) -> float:
        """Return what no week costs less than, when at `prices` no day of each sort costs less than `days`."""
        groups = [(group, float(prices[group])) for group in np.flatnonzero(prices).tolist()]
        return sum(len(sort.numbers) * points for sort, points in zip(self.sorts, days, strict=True)) + sum(
            min(0.0, cost - price) for group, price in groups for cost in self.group_costs(group)
        )

    def add(self, number: int, picks: Ints) -> int:
        """Add days of the sort `number`, shape (meals, days), and return how many of them are new."""
        new = [column for column, rows in enumerate(picks.T.tolist()) if self._is_new((number, *rows))]
        picks = picks[:, new]
        sort = self.sorts[number]
        groups = [members[:, rows] for members, rows in zip(sort.groups, picks, strict=True)]
        self.master.add(number, self._points(sort, picks, groups), np.concatenate(groups))
        self._days += [(number, column) for column in picks.T]
        return len(new)

    def add_choice(self, choice: Choice) -> None:
        """Add the days of a week."""
        for number, sort in enumerate(self.sorts):
            for day in sort.numbers:
                chosen = [choice[day][slot] for slot in sort.slots]
                rows = [np.searchsorted(options, option) for options, option in zip(sort.options, chosen, strict=True)]
                if all(
                    row < options.size and options[row] == option
                    for row, options, option in zip(rows, sort.options, chosen, strict=True)
                ):
                    self.add(number, np.array(rows, np.intp)[:, None])

    def choice(self, counts: Doubles, beside: Choice) -> Choice:
        """Return a week of so many of each day, each at the place where most of it stands in `beside` already.

        Days that none of these fill stay as they are in `beside`.
        """
        rows = [list(row) for row in beside]
        free = [list(sort.numbers) for sort in self.sorts]
        whole = np.rint(counts).astype(np.intp).tolist()
        chosen = [
            (number, [int(options[row]) for options, row in zip(self.sorts[number].options, column, strict=True)])
            for (number, column), count in zip(self._days, whole, strict=True)
            for _ in range(count)
        ]
        for number, options in sorted(
            chosen, key=lambda one: -max(self._shared(one[0], one[1], free, beside), default=0)
        ):
            shared = self._shared(number, options, free, beside)
            day = free[number].pop(shared.index(max(shared)))
            for slot, option in zip(self.sorts[number].slots, options, strict=True):
                rows[day][slot] = option
        return tuple(map(tuple, rows))

    def _shared(self, number: int, options: Sequence[int], free: Sequence[Sequence[int]], beside: Choice) -> list[int]:
        slots = self.sorts[number].slots
        return [
            sum(beside[day][slot] == option for slot, option in zip(slots, options, strict=True))
            for day in free[number]
        ]

    def _is_new(self, day: tuple[int, ...]) -> bool:
        known = day in self._known
        self._known.add(day)
        return not known

    def _points(self, sort: Sort, picks: Ints, groups: Sequence[Ints]) -> Doubles:
        """Return what days cost by themselves: their meals, their figures, and the rules of a day that they break."""
        problem, count = self.problem, picks.shape[1]
        breach = problem.scoring.breach
        points, minutes = np.zeros(count), np.zeros(count)
        off = np.repeat(-sort.day.lacking[:, None], count, axis=1)
        for meal, rows in zip(sort.day.meals, picks, strict=True):
            points += meal.own[rows]
            off += meal.figures[:, rows]
            minutes += meal.minutes[rows]
        over = np.maximum(minutes - sort.day.minutes, 0)
        points += problem.scoring.day_points(off) + ((over > 0) + over / 60) * breach
        for one in range(len(groups)):
            for two in range(one):
                points += problem.dishes_differ * (groups[one][0] == groups[two][0]) * breach
                alike = (groups[one][1] >= 0) & (groups[one][1] == groups[two][1])
                points += problem.proteins_differ * alike * breach
        return points

    def _wider(self, number: int) -> int | None:
        sort = self.sorts[number]
        wider = [at for at, other in enumerate(self.sorts) if at != number and other.holds(sort)]
        # Of sorts that hold each other, the first counts as the widest. The widest of all has no wider one itself.
        wider = [at for at in wider if at < number or not sort.holds(self.sorts[at])]
        return max(wider, key=lambda at: (sum(options.size for options in self.sorts[at].options), -at), default=None)

    def _sort(self, days: tuple[int, ...]) -> Sort:
        """Return how `days`, which are alike, are filled."""
        problem, week, number = self.problem, self._week, days[0]
        slots = tuple(slot for day, slot in problem.places if day == number)
        own = [self._own(number, slot) for slot in slots]
        options = tuple(_sensible(points, problem.scoring.breach) for points in own)
        dishes = [problem.slots[slot].dish[rows] for slot, rows in zip(slots, options, strict=True)]
        groups = tuple(self._groups(slot in problem.mains, dish) for slot, dish in zip(slots, dishes, strict=True))
        servings = [
            dish * 8 + np.rint(4 * problem.slots[slot].portion[rows]).astype(np.intp) - 1
            for slot, dish, rows in zip(slots, dishes, options, strict=True)
        ]
        meals = []
        for place, (slot, rows) in enumerate(zip(slots, options, strict=True)):
            alike = [(slot in problem.mains) == (other in problem.mains) for other in slots]
            none = np.full(rows.size, -1, np.intp)
            meals.append(
                Meal(
                    own=own[place][rows],
                    figures=problem.slots[slot].figures[:, rows],
                    minutes=problem.slots[slot].minutes[rows],
                    dish=dishes[place] if problem.dishes_differ else none,
                    protein=groups[place][1] if problem.proteins_differ else none,
                    serving=servings[place],
                    twins=np.stack(
                        [np.isin(servings[place], other) & same for other, same in zip(servings, alike, strict=True)]
                    ),
                )
            )
        lacking = (problem.goal - week.totals[number]).astype(np.float32)
        day = Day(meals=meals, lacking=lacking, minutes=float(problem.minutes[number] - week.minutes[number]))
        return Sort(numbers=days, slots=slots, options=options, groups=groups, day=day)

    def _own(self, day: int, slot: int) -> Doubles:
        """Return what each option of a place costs by itself, the rules of the day that it breaks included."""
        problem, week = self.problem, self._week
        points = problem.barred[day] * problem.scoring.breach
        if problem.dishes_differ:
            points[week.served(day, range(len(problem.slots)))] += problem.scoring.breach
        if slot in problem.mains and problem.proteins_differ:
            for dish in week.served(day, problem.mains):
                points[problem.protein == problem.protein[dish]] += problem.scoring.breach
        own: Doubles = problem.slots[slot].points.astype(np.float64) + points[problem.slots[slot].dish]
        return own

    def _groups(self, main: bool, dish: Ints) -> Ints:
        dishes, proteins, cuisines, _ = self._ends
        none = np.full(dish.size, -1, np.intp)
        protein, cuisine = dishes + self.problem.protein[dish], proteins + self.problem.cuisine[dish]
        with_meat = self.problem.meat_or_fish[dish]
        counted = self._bounded[with_meat] & (main | (with_meat == 1))
        return np.stack(
            [dish, protein if main else none, cuisine if main else none, np.where(counted, cuisines + with_meat, -1)]
        )


def _alike(week: Week) -> list[tuple[int, ...]]:
    """Return the days with something to fill, those that want the same together."""
    problem, groups = week.problem, defaultdict[object, list[int]](list)
    for day in sorted({day for day, _ in problem.places}):
        slots = tuple(slot for at, slot in problem.places if at == day)
        kept = week.totals[day].tobytes(), float(week.minutes[day]), week.dish[day].tobytes()
        minutes = float(problem.minutes[day])
        groups[slots, kept, minutes, problem.barred[day].tobytes()].append(day)
    return [tuple(days) for days in groups.values()]


def _sensible(points: Doubles, breach: float) -> Ints:
    good = np.flatnonzero(points < breach)
    return good if good.size else np.arange(points.size)


def _without_rules(day: Day) -> Day:
    """Return the day whose meals may repeat dishes and proteins, and take any time."""
    return Day(
        meals=[
            replace(meal, dish=np.full(meal.dish.size, -1), protein=np.full(meal.dish.size, -1)) for meal in day.meals
        ],
        lacking=day.lacking,
        minutes=np.inf,
    )

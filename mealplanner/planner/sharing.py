"""What the meals of a week share: foods that are bought once for several of them, and breakfasts that come again.

A food costs points when it is bought at all, and more when it spoils and only one meal uses it; a breakfast or a snack
costs points when it is served at all. Both cost less with each further use, so the days of a week are not independent,
at whatever prices: see `connecting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mealplanner.planner.habits import bought
from mealplanner.planner.model import MAIN, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.scoring import Doubles, Ints, Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The foods of each dish as pairs of numbers, and what it costs to use them."""

    dish: Ints
    food: Ints
    bought: Doubles
    """What each food costs that is used at all."""
    once: Doubles
    """What each food costs beside that when one meal uses it alone."""
    served: Doubles
    """What each dish costs that is served at all."""

    def uses(self, times: Ints | Doubles) -> Doubles:
        """Return how many meals use each food when each dish is served so many `times`."""
        found: Doubles = np.bincount(self.food, times[self.dish], self.bought.size).astype(np.float64)
        return found

    def points(self, times: Ints) -> float:
        """Return what a week costs that serves each dish so many `times`."""
        uses = self.uses(times)
        return float(self.bought @ (uses > 0) + self.once @ (uses == 1) + self.served @ (times > 0))

    def marginal(self, times: Ints) -> Doubles:
        """Return what each dish costs as one more meal of a week that serves each dish so many `times`."""
        uses = self.uses(times)
        foods = np.where(uses == 0, self.bought + self.once, -self.once * (uses == 1))
        points: Doubles = self._of_dishes(foods) + self.served * (times == 0)
        return points

    def shared(self, times: Doubles) -> Doubles:
        """Return what each dish costs when each food is paid for by all the meals that use it, as many as they are when
        each dish is served so many `times`."""
        uses = np.maximum(self.uses(times), 1.0)
        whole = self.bought + self.once * np.maximum(0.0, 2.0 - uses)
        points: Doubles = self._of_dishes(whole / uses) + self.served / np.maximum(times, 1.0)
        return points

    def _of_dishes(self, points: Doubles) -> Doubles:
        found: Doubles = np.bincount(self.dish, points[self.food], self.served.size).astype(np.float64)
        return found


def state_sharing(request: PlanRequest, dishes: Sequence[Dish], scoring: Scoring) -> Sharing | None:
    """Return what `dishes` share, or nothing where it does not matter to the person."""
    habits = request.habits
    if not (habits.use_up or habits.repeat):
        return None
    foods = [sorted(bought((item.food_id for item in dish.recipe.ingredients), request.goods)) for dish in dishes]
    names = sorted({name for used in foods for name in used}) if habits.use_up else []
    number = {name: index for index, name in enumerate(names)}
    pairs = [(at, number[name]) for at, used in enumerate(foods) for name in used if name in number]
    spoils = np.array([name in request.goods and request.goods[name].spoils for name in names], np.float64)
    again = [scoring.repeat[habits.repeat] * (MAIN not in dish.recipe.kinds) for dish in dishes]
    return Sharing(
        dish=np.array([dish for dish, _ in pairs], np.intp),
        food=np.array([food for _, food in pairs], np.intp),
        bought=np.full(len(names), scoring.bought[habits.use_up]),
        once=scoring.once[habits.use_up] * spoils,
        served=np.array(again, np.float64),
    )

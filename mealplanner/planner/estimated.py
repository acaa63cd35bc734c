"""What the search counts of saturates, fibre, sugars and salt: estimates, where the source of a food has no figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from mealplanner.planner.day_limits import AT_LEAST, recommended
from mealplanner.planner.details import DETAILS
from mealplanner.planner.model import Food, PlanRequest, Recipe
from mealplanner.planner.scoring import Doubles, Floats


def as_limit_percents(request: PlanRequest, grams: Doubles) -> Floats:
    """Return `grams`, the last axis in the order of `DETAILS`, for each limit of `request`, in percent of what is
    recommended, so that a strict limit of one's own weighs no more than another.

    What is to be reached is negative, so that more than the limit is too much of every figure.
    """
    usual = recommended(request.target.kcal)
    names = [name for name in DETAILS if name in request.day_limits]
    units = np.array([(-1 if name in AT_LEAST else 1) * usual[name] / 100 for name in names])
    percents: Floats = (grams[..., [DETAILS.index(name) for name in names]] / units).astype(np.float32)
    return percents


def estimated_details(recipes: Sequence[Recipe], foods: Mapping[str, Food]) -> Doubles:
    """Return the grams of `DETAILS` in a serving of each of `recipes`, shape (recipes, 4).

    What is not known of a food counts as the median of its aisle: counted as nothing, it would be an advantage.
    """
    rows = {food_id: row for row, food_id in enumerate(foods)}
    table = np.array([[getattr(food, name) for name in DETAILS] for food in foods.values()])
    for aisle in sorted({food.aisle for food in foods.values()}):
        members = [row for row, food in enumerate(foods.values()) if food.aisle == aisle]
        for column in range(len(DETAILS)):
            known = [figure for figure in table[members, column].tolist() if not math.isnan(figure)]
            unknown = [row for row in members if math.isnan(table[row, column])]
            table[unknown, column] = median(known) if known else 0.0
    items = [item for recipe in recipes for item in recipe.ingredients]
    grams = np.array([item.grams for item in items])[:, None] / 100
    starts = np.cumsum([0, *(len(recipe.ingredients) for recipe in recipes)])[:-1]
    return np.add.reduceat(table[[rows[item.food_id] for item in items]] * grams, starts)

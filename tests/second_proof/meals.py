"""Whether each meal of a plan may be served to the person, and holds what the plan says of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.planner.model import Ingredient, Recipe
from mealplanner.planner.results import Plan, PlannedMeal
from tests.second_proof.dishes import against_rules, is_meat_or_fish
from tests.second_proof.dislikes import is_disliked
from tests.second_proof.foods import table

SHARES: Final = {"breakfast": 25, "lunch": 35, "dinner": 40, "snack": 9}
KINDS: Final = {"breakfast": "breakfast", "lunch": "main", "dinner": "main", "snack": "snack"}
FIGURES: Final = {"kcal": "kcal", "protein_g": "protein", "carbohydrate_g": "carbohydrate", "fat_g": "fat"}
"""What a plan calls a figure -> what the food table does."""
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Asked:
    """What the person asked for, in numbers worked out here."""

    inputs: GenerationInputs

    @cached_property
    def target(self) -> dict[str, float]:
        """The figures of a day."""
        asked = self.inputs.preferences
        kcal = asked.calorie_goal
        return {
            "kcal": kcal,
            "protein_g": kcal * asked.macro_protein / 400,
            "carbohydrate_g": kcal * asked.macro_carbs / 400,
            "fat_g": kcal * asked.macro_fat / 900,
        }

    @cached_property
    def meals(self) -> list[str]:
        """The names of a day's meals, the snacks last."""
        asked = self.inputs.preferences
        return [*asked.meal_times, *["snack"] * asked.snacks_per_day]

    def share(self, meal: str) -> float:
        """Return the kcal that `meal` usually has."""
        return self.target["kcal"] * SHARES[meal] / sum(SHARES[name] for name in self.meals)

    def minutes(self, day: int) -> int:
        """Return what a meal may take on `day`, counted from zero."""
        asked = self.inputs.preferences
        by_weekday = asked.minutes_by_weekday.get(WEEKDAYS[self.inputs.dates[day].weekday()])
        easy = asked.prep_complexity <= 50
        usual = 15 + 0.6 * asked.prep_complexity if easy else 45 + 1.5 * (asked.prep_complexity - 50)
        return round(usual) if by_weekday is None else by_weekday

    def counted(self, dish: Recipe) -> int:
        """Return the minutes that a dish counts with."""
        slow = "too-long" in self.inputs.opinions.get(dish.slug, ())
        return math.ceil(dish.minutes * 1.5) if slow else dish.minutes

    def against(self, dish: Recipe) -> Iterator[str]:
        """Yield why `dish` may not be served on any day, if anything stands against it."""
        asked = self.inputs.preferences
        yield from against_rules(dish.ingredients, frozenset({asked.diet_type, *asked.dietary_restrictions}))
        ids = [item.food_id for item in dish.ingredients]
        yield from (f"{id_} is disliked" for id_ in ids if is_disliked(id_, asked.disliked_ingredients))
        if asked.meat_or_fish == "never":
            yield from (f"{id_} is meat or fish, never wanted" for id_ in ids if is_meat_or_fish(table()[id_]))
        if missing := sorted(dish.appliances - {*asked.appliances}):
            yield f"it needs {', '.join(missing)}"
        if self.inputs.ratings.get(dish.slug, 0) < 0:
            yield "it is wanted never again"
        if self.counted(dish) > (most := max(map(self.minutes, range(len(self.inputs.dates))))):
            yield f"{self.counted(dish)} minutes of {most}"
        if all(any(self.against_portion(dish, quarters / 4)) for quarters in range(2, 9)):
            yield "no portion of it may be served"

    def against_portion(self, dish: Recipe, portion: float) -> Iterator[str]:
        """Yield why `portion` servings of `dish` may not be served, if anything stands against it."""
        if not (0.5 <= portion <= 2 and (4 * portion).is_integer()):
            yield f"{portion} servings"
        if portion * weight(dish) > 900 + 1e-6:
            yield f"{portion * weight(dish):.0f} g on a plate"
        made = portion * self.inputs.preferences.servings_per_meal
        if dish.makes > 1 and not dish.keeps_days and made < dish.makes:
            yield f"made for {made:g} instead of {dish.makes}, and does not keep"


@cache
def total(ingredients: tuple[Ingredient, ...], figure: str) -> float:
    """Return how much of a column of the food table one serving holds, of what is known."""
    return math.fsum(item.grams * float(table()[item.food_id][figure] or 0) / 100 for item in ingredients)


def weight(dish: Recipe) -> float:
    """Return the grams of one serving."""
    return math.fsum(item.grams for item in dish.ingredients)


def meal_violations(asked: Asked, made: Plan, catalogue: dict[str, Recipe]) -> Iterator[str]:
    """Yield what is wrong with single meals of `made`, a plan out of the dishes of `catalogue`."""
    for number, day in enumerate(made.days, 1):
        for meal in day.meals:
            for wrong in _meal_violations(asked, meal, catalogue):
                yield f"day {number}, {meal.slot.name}, {meal.recipe.slug}: {wrong}"


def _meal_violations(asked: Asked, meal: PlannedMeal, catalogue: dict[str, Recipe]) -> Iterator[str]:
    dish, portion = meal.recipe, meal.portion
    if catalogue.get(dish.slug) != dish:
        yield "it is not the dish of the catalogue"
    yield from asked.against(dish)
    if KINDS[meal.slot.name] not in dish.kinds:
        yield f"it is a {' or '.join(sorted(dish.kinds))}"
    yield from asked.against_portion(dish, portion)
    for name, column in FIGURES.items():
        said, own = getattr(meal.nutrients, name), portion * total(dish.ingredients, column)
        if not math.isclose(said, own, rel_tol=1e-6, abs_tol=1e-6):
            yield f"{own:.2f} {name}, where the plan says {said:.2f}"

"""What was typed, read as a food and an amount. Pure."""

from __future__ import annotations

from mealplanner.errors import Invalid
from mealplanner.food.food_search import found_foods
from mealplanner.food.table import load_foods
from mealplanner.food.wording import Units, said_name
from mealplanner.larder.amounts import grams_of
from mealplanner.larder.schemas import AMOUNT, FOOD
from mealplanner.larder.values import MOST_GRAMS
from mealplanner.planner.model import Food

LEAST_GRAMS = 0.01


class Unclear(Invalid):
    """The words may mean several foods, and the person is asked which."""

    def __init__(self, foods: tuple[Food, ...]) -> None:
        names = "; ".join(f"{food.id} for {said_name(food.name)}" for food in foods)
        super().__init__({"food": [f"This may be several foods. Say which as food_id: {names}."]})
        self.foods = foods


def read_food(text: str, chosen: str | None) -> Food:
    """Return the food `chosen` among those that `text` names. Raise `Invalid`, or `Unclear` for several."""
    foods, found = load_foods(), found_foods(text)
    if chosen is not None and chosen not in foods:
        raise Invalid({"food": [FOOD]})
    if chosen is not None and (not text or foods[chosen] in found):
        return foods[chosen]
    if not found:
        raise Invalid({"food": [f"We know no food by that name. {FOOD}"]})
    if len(found) > 1:
        raise Unclear(found)
    return found[0]


def read_amount(food: Food, text: str, units: Units) -> float:
    """Return the grams of `food` that `text` says. Raise `Invalid`."""
    grams = grams_of(food, text, units)
    if grams is None or not LEAST_GRAMS <= grams <= MOST_GRAMS:
        raise Invalid({"amount": [AMOUNT]})
    return grams

"""How connected the days of a plan are: what is bought for them, how long they take, and what is used whole. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mealplanner.planner.habits import Goods, bought, is_whole
from mealplanner.planner.model import Recipe
from mealplanner.planner.results import PlannedDay, PlannedMeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How connected a week is."""

    foods: int
    """That are bought, each counted once."""
    single_use: int
    """Of these, what spoils and goes into one meal only."""
    dishes: int
    minutes: float
    """Of cooking a day; a dish that is made for several meals is cooked once."""
    counted: int
    """Uses of eggs, slices and tins in meals."""
    whole: int
    """Of these, in whole numbers; of tins, also where the meals of the week empty them together."""
    servings: int
    """Meals of exactly one serving."""
    meals: int


def connections(week: Sequence[PlannedDay], goods: Mapping[str, Goods], people: int = 1) -> Connections:
    """Return how connected the days of `week` are for so many `people`, when foods are bought as `goods` says.

    A food that is not among `goods` is bought as itself, keeps, and is weighed.
    """
    meals = [meal for day in week for meal in day.meals]
    cooked = list(cookings(week))
    uses = uses_of((meal.recipe for meal in cooked), goods)
    amounts = list(_amounts(meals, goods, people))
    return Connections(
        foods=len(uses),
        single_use=len(single_use(uses, goods)),
        dishes=len({meal.recipe.slug for meal in meals}),
        minutes=sum(meal.recipe.minutes for meal in cooked) / len(week),
        counted=len(amounts),
        whole=sum(amounts),
        servings=sum(meal.portion == 1 for meal in meals),
        meals=len(meals),
    )


def uses_of(dishes: Iterable[Recipe], goods: Mapping[str, Goods]) -> Counter[str]:
    """Return for how many of `dishes` each food is bought."""
    return Counter(food for dish in dishes for food in bought((item.food_id for item in dish.ingredients), goods))


def single_use(uses: Mapping[str, int], goods: Mapping[str, Goods]) -> list[str]:
    """Return what spoils and is bought for one use."""
    return [food for food, count in uses.items() if count == 1 and food in goods and goods[food].spoils]


def cookings(week: Sequence[PlannedDay]) -> Iterator[PlannedMeal]:
    """Yield the meals for which something is cooked: not those that are left from a batch of the days before."""
    made: dict[str, tuple[int, float]] = {}
    for number, day in enumerate(week):
        for meal in day.meals:
            recipe = meal.recipe
            since, left = made.get(recipe.slug, (number, 0.0))
            if left < meal.portion or number - since > recipe.keeps_days:
                since, left = number, max(float(recipe.makes), meal.portion)
                yield meal
            made[recipe.slug] = since, left - meal.portion


def _amounts(meals: Iterable[PlannedMeal], goods: Mapping[str, Goods], people: int) -> Iterator[bool]:
    """Yield for each use of something that is counted whether it is whole."""
    tins: dict[str, list[float]] = defaultdict(list)
    for meal in meals:
        for item in meal.recipe.ingredients:
            sold = goods.get(item.food_id)
            grams = item.grams * meal.portion * people
            if sold and sold.piece:
                yield bool(is_whole(grams / sold.piece))
            elif sold and sold.tin:
                tins[sold.bought].append(grams / sold.tin)
    for counts in tins.values():
        emptied = bool(is_whole(sum(counts)))
        yield from (emptied or bool(is_whole(count)) for count in counts)

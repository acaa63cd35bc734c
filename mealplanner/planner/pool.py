"""The dishes that a request admits, and what each of its filters leaves out.

Everything a person rules out is decided here, before any search, so that no target can ever be traded against it.
A dish remembers every filter that refuses it: which dishes there are without one filter needs no second run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from mealplanner.planner.estimated import estimated_details
from mealplanner.planner.meat_or_fish import NEVER, is_unwanted, served_meat_and_fish
from mealplanner.planner.model import PORTIONS, Food, Nutrients, PlanRequest, Recipe
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.restrictions import DIETS, binds_dishes, refusal, unsuited_foods


@dataclass(frozen=True, slots=True, order=True)
class Filter:
    """One thing that a person asked for and that leaves dishes out."""

    kind: str
    """`diet`, `restriction`, `dislike`, `meat or fish`, `rating`, `appliance` or `minutes`."""
    value: str
    """The diet, the restriction, the id of the food, `never`, the rating, the missing appliance, or the minutes of a
    meal."""


@dataclass(frozen=True, slots=True)
class Dish:
    """A recipe that can be put on a plan, with the nutrients of one serving."""

    recipe: Recipe
    serving: Nutrients
    refused_by: frozenset[Filter] = frozenset()
    """Empty when the request admits it."""
    portions: tuple[float, ...] = PORTIONS
    """Those in which it may be served; never empty."""
    has_meat_or_fish: bool = False
    """That counts as such for the person who asked how often."""
    details: tuple[float, ...] = ()
    """Grams of `details.DETAILS` in one serving, estimated where they are not known; empty where there is no limit."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The dishes of a catalogue as one request sees them, in order of their slugs."""

    dishes: tuple[Dish, ...]

    def admitted(self, kind: str | None = None) -> tuple[Dish, ...]:
        """Return the dishes that may be served as `kind` (any, when None)."""
        return tuple(
            dish for dish in self.dishes if (kind is None or kind in dish.recipe.kinds) and not dish.refused_by
        )


def open_pool(request: PlanRequest, recipes: Sequence[Recipe], foods: Mapping[str, Food]) -> Pool:
    """Return what `request` admits of `recipes`. A recipe with a food that is not in `foods` has no known nutrients,
    may hold anything, and is never served; nor is one that cannot be made for so few people. Raises `KeyError` for an
    unknown diet or restriction.
    """
    kinds = {slot.kind for slot in request.slots}
    wanted = sorted((recipe for recipe in recipes if recipe.kinds & kinds), key=lambda recipe: recipe.slug)
    barriers = _Barriers(request, foods)
    meat_and_fish = served_meat_and_fish(foods)
    known = [
        (recipe, food_ids, portions)
        for recipe in wanted
        if (food_ids := {item.food_id for item in recipe.ingredients}) <= foods.keys()
        if (portions := request.portions_of(recipe))
    ]
    limited = estimated_details([recipe for recipe, _, _ in known], foods) if request.day_limits and known else None
    return Pool(
        tuple(
            Dish(
                recipe,
                nutrients(recipe, foods),
                frozenset(barriers.against(recipe, food_ids)),
                portions,
                not meat_and_fish.isdisjoint(food_ids),
                () if limited is None else tuple(limited[number].tolist()),
            )
            for number, (recipe, food_ids, portions) in enumerate(known)
        )
    )


def rules(request: PlanRequest) -> frozenset[str]:
    """Return the diet and the restrictions of `request`, as `restrictions.refusal` takes them."""
    return request.restrictions | {request.diet}


class _Barriers:
    """What a request refuses, worked out once for all dishes."""

    def __init__(self, request: PlanRequest, foods: Mapping[str, Food]) -> None:
        self._request = request
        self._foods = foods
        self._unsuited = {rule: unsuited_foods(rule, foods) for rule in sorted(rules(request))}
        self._unwanted = frozenset(id_ for id_, food in foods.items() if is_unwanted(request, food))
        self._most_minutes = request.most_minutes

    def against(self, recipe: Recipe, food_ids: Set[str]) -> Iterator[Filter]:
        """Yield every filter that refuses `recipe`, which is made of `food_ids`."""
        request = self._request
        for rule, refused in self._unsuited.items():
            unsuitable = not refused.isdisjoint(food_ids)
            if unsuitable or (binds_dishes(rule) and refusal(recipe, self._foods, (rule,))):
                yield Filter("diet" if rule == request.diet and rule in DIETS else "restriction", rule)
        for food_id in food_ids & request.disliked_foods:
            yield Filter("dislike", food_id)
        if not self._unwanted.isdisjoint(food_ids):
            yield Filter("meat or fish", NEVER)
        if request.ratings.get(recipe.slug, 0) < 0:
            yield Filter("rating", "never again")
        for appliance in recipe.appliances - request.appliances:
            yield Filter("appliance", appliance)
        if request.minutes_of(recipe) > self._most_minutes:
            yield Filter("minutes", str(self._most_minutes))

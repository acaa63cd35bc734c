"""What the meals of some days ask for, as shops sell it. Pure.

Foods are those that are bought: what a dish needs of cooked rice counts as rice, whites and yolks as eggs. A dish that
is made for several is bought for as many, once for all meals that it lasts for.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from mealplanner.food.packs import to_buy
from mealplanner.food.wording import Units
from mealplanner.larder.stock import Missing, still_needed, without_moves
from mealplanner.larder.values import Larder
from mealplanner.recipes.batches import cooked
from mealplanner.shopping.values import AnyRow, Mark, Need, Span, Use

_PURCHASES = uuid.UUID("6a0d2c5e-6f57-5c0e-9c3e-0c9f4f3b8d11")
_A_DAY = datetime.timedelta(days=1)


def needs(meals: Iterable[AnyRow], span: Span) -> dict[str, Need]:
    """Return food -> what the meals of `span` need of it, for all who eat them, however many dishes ask for it."""
    uses: dict[str, list[Use]] = defaultdict(list)
    for meal, servings in _cooked(meals):
        if servings and span.first <= meal.date <= span.last:
            for food, grams in zip(meal.foods, meal.grams, strict=True):
                use = Use(meal.date, meal.slot, meal.id, meal.recipe_id, meal.title, food, grams * servings)
                uses[food].append(use)
    found = {}
    for item in to_buy({food: sum(use.grams for use in of_food) for food, of_food in uses.items()}):
        of_item = [use for food in item.needed for use in uses[food]]
        if len(item.needed) > 1:
            of_item.sort(key=lambda use: use.date)
        found[item.food.id] = Need(item.food, item.grams, item.called, of_item)
    return found


def in_house(
    wanted: Mapping[str, Need], marks: Mapping[str, Mapping[Span, Mark]], larder: Larder, *, units: Units
) -> dict[str, Missing]:
    """Return food -> what the larder has of it for the meals of a list, apart from what was bought with lists."""
    uses = [use for need in wanted.values() for use in need.uses]
    needed: dict[str, float] = defaultdict(float)
    for use in uses:
        needed[use.food] += use.grams
    bought = {cause_of(span, food) for food, spans in marks.items() for span in spans}
    there = without_moves(larder, bought | {use.meal_id for use in uses})
    return {missing.needed.food.id: missing for missing in still_needed(needed, there, units=units)}


def cause_of(span: Span, food: str) -> uuid.UUID:
    """Return the id under which the larder stores a purchase: a food on the list of some days."""
    return uuid.uuid5(_PURCHASES, f"{span.first} {span.last} {food}")


def left_from_others(
    meals: Iterable[AnyRow], bought: Mapping[str, Mapping[Span, float]], span: Span
) -> dict[str, float]:
    """Return food -> grams that were bought for other days than exactly `span` and are there for the days of it.

    Lists may overlap: what was bought for a week is there for its last days too, as far as the days before them leave
    something. What is `bought` (food -> days -> grams) goes to the earliest days that it was bought for; where two
    lists share a day, what has to last for less long is used first.
    """
    others = {food: spans for food, spans in bought.items() if any(other != span for other in spans)}
    if not others:
        return {}
    by_day = _by_day(meals)
    return {
        food: _left({date: needed.get(food, 0.0) for date, needed in by_day.items()}, spans, span)
        for food, spans in others.items()
    }


def _cooked(meals: Iterable[AnyRow]) -> list[tuple[AnyRow, float]]:
    """Return each meal with the servings that are cooked for it, and for later ones that it lasts for."""
    meals = list(meals)
    dishes: dict[uuid.UUID, list[AnyRow]] = defaultdict(list)
    for meal in meals:
        dishes[meal.recipe_id].append(meal)
    servings: dict[uuid.UUID, float] = {}
    for served in dishes.values():
        wanted = [(meal.date, float(meal.portion) * meal.servings) for meal in served]
        batches = cooked(wanted, makes=served[0].makes, keeps_days=served[0].keeps_days)
        servings |= {meal.id: batch for meal, batch in zip(served, batches, strict=True)}
    return [(meal, servings[meal.id]) for meal in meals]


def _by_day(meals: Iterable[AnyRow]) -> dict[datetime.date, dict[str, float]]:
    """Return day -> food -> the grams that are needed on it."""
    by_day: dict[datetime.date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for meal, servings in _cooked(meals):
        for food, grams in zip(meal.foods, meal.grams, strict=True):
            by_day[meal.date][food] += grams * servings
    return {date: {item.food.id: item.grams for item in to_buy(foods)} for date, foods in by_day.items()}


def _left(open_needs: dict[datetime.date, float], bought: Mapping[Span, float], span: Span) -> float:
    found = 0.0
    for other, grams in sorted(bought.items(), key=lambda item: (item[0].last, item[0].first)):
        rest = grams
        for number in range(other.days):
            date = other.first + number * _A_DAY
            taken = min(rest, open_needs.get(date, 0.0))
            if taken:
                open_needs[date] -= taken
                rest -= taken
                found += taken if other != span and span.first <= date <= span.last else 0.0
    return found

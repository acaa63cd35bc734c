"""What could be served at a place of a menu, and what that would do to its day, by the planner's exact moves. Pure."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.food.dish_search import missing_in_title, wanted_words
from mealplanner.menu.editing.decisions import Serving
from mealplanner.menu.editing.errors import Refused
from mealplanner.menu.editing.proof import why_not
from mealplanner.menu.editing.reasons import reason
from mealplanner.menu.editing.values import Kitchen, PlacedMeal
from mealplanner.menu.generation.plan_request import request_for, with_own_dishes
from mealplanner.planner import one_meal
from mealplanner.planner.model import Nutrients, PlanRequest, Recipe
from mealplanner.planner.nutrition import is_known
from mealplanner.planner.one_meal import Alternative, Spot, offer, surprise, weigh
from mealplanner.planner.portions import reportioned
from mealplanner.planner.results import PlannedMeal
from mealplanner.planner.standing import StandingDay
from mealplanner.planner.targets import day_slots
from mealplanner.recipes.assembly import planner_dishes

MOST_FOUND: Final = 12
"""How many dishes a search shows."""

NO_SUCH_DISH: Final = "There is no such dish any more. Choose another one."
ASK: Final = (
    "Choose what happens to its calories: keep them for what you eat instead, or give them to the other meals of the "
    "day. We ask once and remember your answer."
)
NOTHING_ELSE: Final = "No other dish suits this place and your preferences. Search for one, or change your preferences."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A dish that could stand at a place."""

    recipe_id: uuid.UUID
    source: str
    recipe: Recipe
    portion: float
    nutrients: Nutrients
    """Of the portion."""
    day: Nutrients
    """What the day comes to with it."""
    reason: str
    """What speaks for it, in words; of a dish that may not be served, what stands in the way."""
    on_target: bool
    """Whether the day stays on target with it."""
    allowed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A place of a menu as the planner sees it, and the dishes that there are."""

    spot: Spot
    dishes: Mapping[uuid.UUID, Recipe]
    """By id: those of the catalogue, and the person's own."""
    own: frozenset[uuid.UUID]
    ids: Mapping[str, uuid.UUID]
    """Slug of a dish -> its id."""


def board(kitchen: Kitchen, meal_id: uuid.UUID) -> Board:
    """Return the place of a meal. Raise `NotFound` for one that is not of the menu."""
    meal, own = kitchen.menu.meal(meal_id), planner_dishes(kitchen.own)
    request = request_of(kitchen, own)
    spot = Spot(
        request=request,
        days=standing_days(kitchen, request),
        place=(meal.day, meal.position),
        foods=load_catalogue().foods,
    )
    dishes = {**recipes_by_id(), **own}
    ids = {dish.slug: id_ for id_, dish in dishes.items()}
    return Board(spot=spot, dishes=dishes, own=frozenset(own), ids=ids)


def request_of(kitchen: Kitchen, own: Mapping[uuid.UUID, Recipe]) -> PlanRequest:
    """Return what a menu's days should be like: by its own meals and targets, and what may be served now."""
    request = with_own_dishes(request_for(kitchen.inputs, load_catalogue().foods), own, favoured=())
    slots = day_slots(kitchen.made_for.meal_times, kitchen.made_for.snacks_per_day)
    over = request.unprepared if kitchen.today is None else _days_until(kitchen.today, kitchen.inputs.dates)
    return replace(request, slots=slots, target=Nutrients(**kitchen.targets), unprepared=over)


def standing_days(kitchen: Kitchen, request: PlanRequest) -> tuple[StandingDay, ...]:
    """Return what the days of a menu serve. A meal whose energy is reserved counts as if it were eaten."""
    dishes = {**planner_dishes(kitchen.dishes), **recipes_by_id()}
    days = {
        day: StandingDay(meals={meal.position: _planned(meal, dishes, request) for meal in meals})
        for day, meals in groupby(
            (meal for meal in kitchen.menu.meals.values() if meal.skipped != "shared"), key=lambda meal: meal.day
        )
    }
    return tuple(days.get(day, StandingDay()) for day in range(kitchen.menu.days))


def offers(kitchen: Kitchen, meal_id: uuid.UUID, *, text: str) -> tuple[Offer, ...]:
    """Return the dishes that match `text`, or without one what the planner would serve instead of a meal."""
    at = board(kitchen, meal_id)
    return search(at, text) if text else alternatives(at)


def energy(chosen: str | None) -> str:
    """Return what becomes of the energy of a meal that is skipped. Raise `Refused` to ask, where nothing was chosen."""
    if chosen is None:
        raise Refused(ASK, "energy")
    return chosen


def alternatives(board: Board) -> tuple[Offer, ...]:
    """Return what the planner would serve instead, the best first."""
    ranked = weigh(board.spot, list(board.dishes.values()))
    return tuple(_offer(board, one) for one in one_meal.alternatives(board.spot, ranked))


def search(board: Board, text: str) -> tuple[Offer, ...]:
    """Return the dishes that have every word of `text`: those that may be served first, of the right kind first.

    Among those with as many of the words in their names, what keeps the day on target comes first, the best first.
    """
    wanted, spot = wanted_words(text), board.spot
    kind = spot.request.slots[spot.place[1]].kind
    found = {
        id_: missing
        for id_, dish in board.dishes.items()
        if (missing := missing_in_title(dish, wanted)) is not None and is_known(dish, spot.foods)
    }
    weighed = weigh(spot, list(board.dishes.values())) if found else ()
    fit = {
        board.ids[one.dish.recipe.slug]: (bool(offer(spot, one.dish.recipe, one.portion).shortfalls), place)
        for place, one in enumerate(weighed)
        if board.ids[one.dish.recipe.slug] in found
    }
    ranked = sorted(
        (
            why_not(dish, spot.request, spot.foods) is not None,
            kind not in dish.kinds,
            missing,
            fit.get(id_, (True, len(weighed))),
            dish.title,
            id_,
        )
        for id_, missing in found.items()
        for dish in [board.dishes[id_]]
    )
    return tuple(_judged(board, id_) for *_, id_ in ranked[:MOST_FOUND])


def choose(board: Board, recipe_id: uuid.UUID | None, portion: float | None, rng: random.Random) -> Serving:
    """Return the dish that was chosen, or one drawn from those that suit, in `portion` or else its best one.

    Raise `Refused` when there is none, or the person may not be served it.
    """
    if recipe_id is None:
        drawn = surprise(board.spot, weigh(board.spot, list(board.dishes.values())), rng)
        if drawn is None:
            raise Refused(NOTHING_ELSE)
        sized = drawn if portion is None else offer(board.spot, drawn.recipe, portion)
        return _serving(board.ids[drawn.recipe.slug], sized)
    dish = board.dishes.get(recipe_id)
    if dish is None:
        raise Refused(NO_SUCH_DISH, "recipe_id")
    if refusal := why_not(dish, board.spot.request, board.spot.foods):
        raise Refused(f"“{dish.title}” does not suit you. {refusal}", "recipe_id")
    return _serving(recipe_id, offer(board.spot, dish, portion))


def portions(kitchen: Kitchen, meal_id: uuid.UUID, *, skipped: str | None) -> Mapping[uuid.UUID, Serving]:
    """Return the meals of a day in the portions that suit it best when one of them is `skipped`, or eaten after all.

    What is kept, eaten or skipped stays as it is, and so does everything where no energy was shared before or after.
    """
    meal = kitchen.menu.meal(meal_id)
    if "shared" not in (skipped, meal.skipped):
        return {}
    request = request_of(kitchen, {})
    changed = replace(meal, skipped=skipped)
    after = replace(kitchen, menu=replace(kitchen.menu, meals={**kitchen.menu.meals, meal_id: changed}))
    free = {
        one.position: one
        for one in after.menu.meals.values()
        if one.day == meal.day and one.skipped is None and one.eaten_at is None and not one.locked
    }
    day = standing_days(after, request)[meal.day]
    return {
        free[position].id: Serving(
            recipe_id=free[position].recipe_id,
            title=planned.recipe.title,
            portion=planned.portion,
            nutrients=planned.nutrients,
        )
        for position, planned in reportioned(request, day, free).items()
    }


def _days_until(today: datetime.date, dates: Sequence[datetime.date]) -> frozenset[int]:
    """Return the days whose evening before is over."""
    return frozenset(number for number, date in enumerate(dates) if date <= today)


def _planned(meal: PlacedMeal, dishes: Mapping[uuid.UUID, Recipe], request: PlanRequest) -> PlannedMeal:
    return PlannedMeal(
        slot=request.slots[meal.position],
        recipe=dishes[meal.recipe_id],
        portion=meal.portion,
        nutrients=Nutrients(meal.kcal, meal.protein_g, meal.carbohydrate_g, meal.fat_g),
    )


def _serving(recipe_id: uuid.UUID, chosen: Alternative) -> Serving:
    return Serving(recipe_id=recipe_id, title=chosen.recipe.title, portion=chosen.portion, nutrients=chosen.nutrients)


def _offer(board: Board, one: Alternative) -> Offer:
    recipe_id = board.ids[one.recipe.slug]
    own = recipe_id in board.own
    return Offer(
        recipe_id=recipe_id,
        source="model" if own else "catalogue",
        recipe=one.recipe,
        portion=one.portion,
        nutrients=one.nutrients,
        day=one.day,
        reason=reason(one, board.spot.foods, own=own, late=board.spot.place[0] in board.spot.request.unprepared),
        on_target=not one.shortfalls,
    )


def _judged(board: Board, recipe_id: uuid.UUID) -> Offer:
    dish = board.dishes[recipe_id]
    refusal = why_not(dish, board.spot.request, board.spot.foods)
    found = _offer(board, offer(board.spot, dish))
    return found if refusal is None else replace(found, reason=refusal, allowed=False)

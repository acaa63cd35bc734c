"""What each edit makes of a menu: the meals that change, as they are afterwards. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from mealplanner.menu.editing.errors import Refused
from mealplanner.menu.editing.values import OpenMenu, PlacedMeal
from mealplanner.planner.model import Nutrients
from mealplanner.planner.preference_changes import listed
from mealplanner.presentation.formatting import date_range, day

Decision = Callable[[OpenMenu, PlacedMeal], Sequence[PlacedMeal]]
"""The menu and the meal that is edited -> the meals that change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A dish in a portion, with the nutrients of that portion."""

    recipe_id: uuid.UUID
    title: str
    portion: float
    nutrients: Nutrients


def keep(_menu: OpenMenu, meal: PlacedMeal, *, locked: bool) -> Sequence[PlacedMeal]:
    """Keep a meal, or let it be changed again."""
    return [replace(meal, locked=locked)]


def annotate(_menu: OpenMenu, meal: PlacedMeal, *, note: str | None) -> Sequence[PlacedMeal]:
    """Write something beside a meal; None takes it away."""
    return [replace(meal, note=note)]


def eat(_menu: OpenMenu, meal: PlacedMeal, *, eaten: bool, now: datetime.datetime) -> Sequence[PlacedMeal]:
    """Mark a meal as eaten, or take the mark away. Raise `Refused` for one that is skipped."""
    if eaten and meal.skipped is not None:
        raise Refused(f"You skip “{meal.title}”. Plan it again first if you ate it after all.")
    return [replace(meal, eaten_at=(meal.eaten_at or now) if eaten else None)]


def cook(_menu: OpenMenu, meal: PlacedMeal, *, cooked: bool, now: datetime.datetime) -> Sequence[PlacedMeal]:
    """Mark a meal as cooked, or take the mark away."""
    return [replace(meal, cooked_at=(meal.cooked_at or now) if cooked else None)]


def resize(
    _menu: OpenMenu, meal: PlacedMeal, *, portion: float | None = None, servings: int | None = None
) -> Sequence[PlacedMeal]:
    """Change what one person gets of a meal, how many people eat it, or both."""
    return [replace(sized(meal, portion or meal.portion), servings=servings or meal.servings)]


def swap(_menu: OpenMenu, meal: PlacedMeal, *, serving: Serving) -> Sequence[PlacedMeal]:
    """Serve another dish. A meal that was skipped is planned again, and marks of the old dish do not pass on."""
    if serving.recipe_id == meal.recipe_id and serving.portion == meal.portion and meal.skipped is None:
        return [meal]
    fresh = replace(meal, recipe_id=serving.recipe_id, title=serving.title, portion=serving.portion)
    return [replace(fresh, **asdict(serving.nutrients), skipped=None, cooked_at=None)]


def move(
    menu: OpenMenu, meal: PlacedMeal, *, date: datetime.date, slot: str, time: datetime.time | None = None
) -> Sequence[PlacedMeal]:
    """Exchange a meal with the one that stands where it is to go.

    `time` tells snacks of one day apart. A place that is skipped stays so: to eat out on Tuesday does not depend on the
    dish. Raise `Refused` for a place that the menu does not have.
    """
    other = _standing(menu, meal, date, slot, time)
    return [] if other is meal else [_placed(meal, like=other), _placed(other, like=meal)]


def skip(
    menu: OpenMenu, meal: PlacedMeal, *, energy: str, others: Mapping[uuid.UUID, Serving] | None = None
) -> Sequence[PlacedMeal]:
    """Skip a meal; `others` are the meals of its day as they are eaten then, where energy is shared or was."""
    if meal.skipped == energy:
        return [meal]
    return [replace(meal, skipped=energy), *_reportioned(menu, others or {})]


def unskip(
    menu: OpenMenu, meal: PlacedMeal, *, others: Mapping[uuid.UUID, Serving] | None = None
) -> Sequence[PlacedMeal]:
    """Plan a meal again that was skipped; `others` are all meals of its day as they are eaten then, itself included."""
    if meal.skipped is None:
        return [meal]
    changed = {one.id: one for one in _reportioned(menu, others or {})}
    return [replace(changed.pop(meal.id, meal), skipped=None), *changed.values()]


def sized(meal: PlacedMeal, portion: float) -> PlacedMeal:
    """Return `meal` in another portion."""
    if portion == meal.portion:
        return meal
    factor = portion / meal.portion
    return replace(
        meal,
        portion=portion,
        kcal=meal.kcal * factor,
        protein_g=meal.protein_g * factor,
        carbohydrate_g=meal.carbohydrate_g * factor,
        fat_g=meal.fat_g * factor,
    )


def _reportioned(menu: OpenMenu, servings: Mapping[uuid.UUID, Serving]) -> Iterator[PlacedMeal]:
    """Yield the meals whose portion changes. One that was changed since the portions were computed stays as it is."""
    for meal_id, serving in servings.items():
        meal = menu.meals.get(meal_id)
        if meal is not None and meal.recipe_id == serving.recipe_id and meal.eaten_at is None and not meal.locked:
            yield sized(meal, serving.portion)


def _placed(meal: PlacedMeal, *, like: PlacedMeal) -> PlacedMeal:
    return replace(
        meal, day=like.day, position=like.position, slot=like.slot, time=like.time, skipped=like.skipped
    )  # fmt: skip


def _standing(
    menu: OpenMenu, meal: PlacedMeal, date: datetime.date, slot: str, time: datetime.time | None
) -> PlacedMeal:
    number = (date - menu.start_date).days
    if not 0 <= number < menu.days:
        raise Refused(f"Choose a day of this menu, which is for {date_range(menu.start_date, menu.days)}.", "date")
    that_day = [one for one in menu.meals.values() if one.day == number]
    there = [one for one in that_day if one.slot == slot and time in (None, one.time)]
    if not there:
        names = listed(list(dict.fromkeys(one.slot for one in that_day)))
        at = f" at {time:%H:%M}" if time is not None else ""
        raise Refused(f"This menu has no {slot}{at} on {day(date)}. Choose one of {names}.", "slot")
    return meal if meal in there and time is None else there[0]

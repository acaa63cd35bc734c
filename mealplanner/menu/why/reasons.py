"""Why a dish is on a menu: sentences computed from facts of the plan, and nothing that is not one. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mealplanner.food.goods import all_goods
from mealplanner.food.wording import inside_a_sentence, some
from mealplanner.larder.presentation import food_name
from mealplanner.larder.soon import used_of
from mealplanner.menu.why.days import added
from mealplanner.menu.why.values import MealFacts, Reason, ServedMeal
from mealplanner.planner.model import Food
from mealplanner.presentation.formatting import day as long_date
from mealplanner.presentation.formatting import duration, number, servings
from mealplanner.recipes.values import Numbers, name_of_cuisine

SPOILS_WITHIN: Final = 4
"""For how many days an opened pack is worth a second use."""

SHARE_THAT_COUNTS: Final = 0.4
"""The part of a day's protein from which on a meal is named for it, if none brings more."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def reasons(facts: MealFacts, foods: Mapping[str, Food]) -> tuple[Reason, ...]:
    """Return the reasons for a meal, what the person said first and what every dish has to do last."""
    return tuple(_reasons(facts, foods))


def _reasons(facts: MealFacts, foods: Mapping[str, Food]) -> Iterator[Reason]:
    meal, dish = facts.meal, facts.meal.dish
    if meal.date.weekday() in facts.usual:
        yield Reason(kind="usual", text=f"It is {usual_in_words(meal.slot, meal.date)}.")
    elif meal.locked:
        yield Reason(kind="kept", text="You keep this meal, so nothing else takes its place.")
    if facts.rating > 0:
        yield Reason(kind="rated", text="It is one of your favourites: you asked for it more often.")
    if facts.own:
        yield Reason(kind="own", text="It was written for you.")
    if in_house := _in_house(facts):
        yield Reason(kind="in-house", text=in_house)
    if shared := shared_food(facts):
        yield Reason(kind="uses-up", text=_uses_up(*shared, meal, foods))
    if dish.cuisine in facts.cuisines:
        yield Reason(kind="cuisine", text=f"It is {name_of_cuisine(dish.cuisine)}, which you like best.")
    if protein := _protein_of_the_day(facts):
        yield Reason(kind="protein", text=protein)
    if dish.minutes <= facts.minutes_per_meal:
        text = f"It takes {duration(dish.minutes)}, and you have {duration(facts.minutes_per_meal)} for a meal."
        yield Reason(kind="minutes", text=text)
    yield Reason(kind="history", text=_history(facts))
    if not meal.skipped:
        yield Reason(kind="numbers", text=_numbers(facts))


def _in_house(facts: MealFacts) -> str:
    """Return which food in the house it uses in time, the most urgent one; empty where it uses none."""
    meal = facts.meal
    used = used_of(meal.dish, (food for food, date in facts.to_use.items() if meal.date <= date))
    if meal.skipped or not used:
        return ""
    food = min(used, key=lambda food: facts.to_use[food])
    name, date = inside_a_sentence(food_name(food)), long_date(facts.to_use[food])
    return f"It uses the {name} in your larder, best before {date}."


def usual_in_words(slot: str, date: datetime.date) -> str:
    """Return "your usual Tuesday breakfast"."""
    return f"your usual {WEEKDAYS[date.weekday()]} {slot}"


def shared_food(facts: MealFacts) -> tuple[str, ServedMeal] | None:
    """Return a food that spoils within days, and the earlier meal of the menu that it is opened for.

    Of several, the one of which this meal has most grams; None when there is none.
    """
    meal = facts.meal
    earlier = [other for other in _before(facts) if _recent(other, meal) and other.dish.slug != meal.dish.slug]
    opened: dict[str, ServedMeal] = {}
    for other in earlier:
        for item in other.dish.ingredients:
            opened.setdefault(item.food_id, other)
    for item in sorted(meal.dish.ingredients, key=lambda item: (-item.grams, item.food_id)):
        goods = all_goods().get(item.food_id)
        if item.food_id in opened and goods is not None and goods.spoils:
            return item.food_id, opened[item.food_id]
    return None


def day_totals(facts: MealFacts) -> Numbers:
    """Return what the meals of the same day add up to, as on the page of the menu."""
    return added([other for other in facts.menu if other.date == facts.meal.date])


def _before(facts: MealFacts) -> Sequence[ServedMeal]:
    place = next(index for index, other in enumerate(facts.menu) if other.id == facts.meal.id)
    return facts.menu[:place]


def _recent(other: ServedMeal, meal: ServedMeal) -> bool:
    return not other.skipped and 0 <= (meal.date - other.date).days <= SPOILS_WITHIN


def _uses_up(food_id: str, opened: ServedMeal, meal: ServedMeal, foods: Mapping[str, Food]) -> str:
    when = "of the same day" if opened.date == meal.date else f"on {WEEKDAYS[opened.date.weekday()]}"
    return f"It uses {some(foods[food_id])}, as {opened.slot} {when} does, so less is left over."


def _protein_of_the_day(facts: MealFacts) -> str | None:
    meal, whole = facts.meal, day_totals(facts).protein_g
    others = [other.numbers.protein_g for other in facts.menu if other.date == meal.date and other.id != meal.id]
    mine = meal.numbers.protein_g
    if meal.skipped or not others or mine < SHARE_THAT_COUNTS * whole or mine < max(others):
        return None
    return f"It brings {number(mine)} g of protein, the most of any meal of the day ({number(whole)} g)."


def _history(facts: MealFacts) -> str:
    meal = facts.meal
    again = [other for other in _before(facts) if other.dish.slug == meal.dish.slug and not other.skipped]
    if again:
        return f"You have it on {WEEKDAYS[again[-1].date.weekday()]} too."
    if facts.last_eaten is None:
        weeks = facts.remembered_days // 7
        return f"You have not had it in the {weeks} weeks before this menu."
    days = (meal.date - facts.last_eaten).days
    ago = f"{days // 7} week{'s'[: days // 7 > 1]}" if days >= 7 else f"{days} day{'s'[: days > 1]}"
    return f"You last had it on {long_date(facts.last_eaten)}, {ago} before."


def _numbers(facts: MealFacts) -> str:
    totals, target = day_totals(facts), facts.targets
    return (
        f"With {servings(facts.meal.portion)} of it the day comes to {number(totals.kcal)} of {number(target.kcal)} "
        f"kcal and {number(totals.protein_g)} of {number(target.protein_g)} g of protein."
    )

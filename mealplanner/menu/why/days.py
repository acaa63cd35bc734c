"""What a day, and a whole menu, reached: figures, variety and effort in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from mealplanner.food.goods import all_goods
from mealplanner.food.wording import inside_a_sentence
from mealplanner.larder.presentation import food_name
from mealplanner.menu.why.values import ServedMeal
from mealplanner.planner.connected import single_use, uses_of
from mealplanner.planner.model import FIGURES, TOLERANCE
from mealplanner.planner.preference_changes import listed
from mealplanner.presentation.formatting import duration, label, number
from mealplanner.recipes.values import Numbers, name_of_cuisine

NAMES: Final = {
    "kcal": ("Energy", "kcal"),
    "protein_g": ("Protein", "g"),
    "carbohydrate_g": ("Carbohydrate", "g"),
    "fat_g": ("Fat", "g"),
}
"""Figure -> how people call it, and its unit."""

_NAMED: Final = 4
"""Up to so many foods are named in a sentence."""

MAINS: Final = frozenset({"lunch", "dinner"})


def added(meals: Sequence[ServedMeal]) -> Numbers:
    """Return what `meals` add up to; one that is skipped and whose energy is shared has none."""
    return Numbers(**{name: sum(getattr(meal.numbers, name) for meal in meals) for name in FIGURES})


def off_target(totals: Numbers, targets: Numbers) -> list[str]:
    """Return the figures that lie outside the tolerance, as `kcal` and the like."""
    return [
        name
        for name in FIGURES
        if abs(getattr(totals, name) - getattr(targets, name)) > TOLERANCE * getattr(targets, name)
    ]


def reached(totals: Numbers, targets: Numbers) -> tuple[str, ...]:
    """Return a sentence for each figure: "Protein: 91 of 90 g, on target"."""
    off = off_target(totals, targets)
    return tuple(_figure(name, getattr(totals, name), getattr(targets, name), name in off) for name in FIGURES)


def variety_of_day(meals: Sequence[ServedMeal]) -> str:
    """Return which proteins and cuisines the mains of a day have."""
    mains = [meal.dish for meal in meals if meal.slot in MAINS and not meal.skipped] or [meal.dish for meal in meals]
    proteins = listed(_each(label(dish.main_protein).lower() for dish in mains))
    cuisines = listed(_each(name_of_cuisine(dish.cuisine) for dish in mains))
    return f"{proteins[0].upper()}{proteins[1:]}; {cuisines}."


def variety_of_menu(meals: Sequence[ServedMeal]) -> tuple[str, ...]:
    """Return how many dishes, proteins and cuisines there are, and which protein comes most."""
    served = [meal for meal in meals if not meal.skipped]
    mains = [meal.dish for meal in served if meal.slot in MAINS] or [meal.dish for meal in served]
    dishes = {meal.dish.slug for meal in served}
    cuisines = {dish.cuisine for dish in mains}
    proteins = Counter(dish.main_protein for dish in mains)
    told = [
        f"{len(dishes)} different dish{'es' if len(dishes) != 1 else ''} for {len(served)} meals.",
        f"The mains come from {_count(len(cuisines), 'cuisine')} and have {_count(len(proteins), 'main protein')}.",
    ]
    if proteins and (most := proteins.most_common(1)[0])[1] > 1:
        told.append(f"You have {label(most[0]).lower()} most often: {_times(most[1])}.")
    return tuple(told)


def buying_for_menu(meals: Sequence[ServedMeal]) -> str:
    """Return how many foods are bought, and how many of those that spoil go into one meal only."""
    uses = uses_of((meal.dish for meal in meals if not meal.skipped), all_goods())
    once = [inside_a_sentence(food_name(food)) for food in sorted(single_use(uses, all_goods()))]
    told = f"It needs {_count(len(uses), 'food')}."
    if not uses or len(meals) == 1:
        return told
    if not once:
        return f"{told} All that spoils goes into more than one meal."
    named = f"Only {listed(once)}" if len(once) <= _NAMED else f"{len(once)} that spoil"
    return f"{told} {named} {'goes' if len(once) == 1 else 'go'} into a single meal."


def effort_of_day(meals: Sequence[ServedMeal]) -> str:
    """Return the time in the kitchen, and the meal that takes most of it."""
    cooked = [meal for meal in meals if not meal.skipped]
    if not cooked:
        return "Nothing to cook."
    longest = max(cooked, key=lambda meal: meal.dish.minutes)
    whole = sum(meal.dish.minutes for meal in cooked)
    if len(cooked) == 1:
        return f"About {duration(whole)} in the kitchen."
    return (
        f"About {duration(whole)} in the kitchen; {longest.slot} takes longest with {duration(longest.dish.minutes)}."
    )


def effort_of_menu(days: Sequence[Sequence[ServedMeal]]) -> str:
    """Return the time in the kitchen on an average day and on the longest."""
    minutes = [sum(meal.dish.minutes for meal in meals if not meal.skipped) for meals in days]
    mean = duration(round(sum(minutes) / len(minutes)))
    if len(set(minutes)) == 1:
        return f"About {mean} in the kitchen."
    least, most = duration(min(minutes)), duration(max(minutes))
    return f"About {mean} a day in the kitchen: {least} on the shortest, {most} on the longest."


def on_target(days: Sequence[Numbers], targets: Numbers) -> str:
    """Return how many days meet every target."""
    met = sum(not off_target(totals, targets) for totals in days)
    if met == len(days):
        return "Every day is on target." if met > 1 else "The day is on target."
    return f"{met} of {len(days)} day{'s'[: len(days) != 1]} {'is' if met == 1 else 'are'} on target."


def _figure(name: str, actual: float, target: float, off: bool) -> str:
    words, unit = NAMES[name]
    verdict = "on target"
    if off:
        verdict = f"{number(abs(actual - target))} {unit} {'over' if actual > target else 'short'}"
    return f"{words}: {number(actual)} of {number(target)} {unit}, {verdict}"


def _each(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _count(count: int, name: str) -> str:
    return f"{count} {name}{'s'[: count != 1]}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"

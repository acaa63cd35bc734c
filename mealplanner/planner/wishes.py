"""What became of a person's wishes, which a plan may leave unmet, in sentences for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mealplanner.planner.day_limits import AT_LEAST, beyond
from mealplanner.planner.details import Details, details, mean_details
from mealplanner.planner.favourites import favourite_mains, is_scarce, scarce
from mealplanner.planner.limits import WEEK, Limits, usual_times
from mealplanner.planner.meat_or_fish import MOST, wanted
from mealplanner.planner.model import MAIN, SNACK, Food, Ingredient, PlanRequest
from mealplanner.planner.pool import Dish
from mealplanner.planner.preference_changes import cuisine_name, listed
from mealplanner.planner.results import PlannedDay

_LIMITS: Final[Mapping[str, str]] = {
    "saturates_g": "Saturated fat comes",
    "fibre_g": "Fibre comes",
    "sugars_g": "Sugars come",
    "salt_g": "Salt comes",
}

_WORTH_TELLING: Final = 0.1
"""By which part of a limit an average day lies beyond it before that is told."""


def favourites_sentence(request: PlanRequest, dishes: Sequence[Dish], days: Sequence[PlannedDay]) -> str:
    """Return how few mains there are of the favourite cuisines, and what `days` serve instead."""
    counts = sorted(favourite_mains(request, dishes).items())
    each = [f"{count} {cuisine_name(cuisine)}" for cuisine, count in counts]
    mains = [meal.recipe for day in days for meal in day.meals if meal.slot.kind == MAIN]
    others = sum(recipe.cuisine not in request.cuisines for recipe in mains)
    served = f"{others} of these {len(mains)}" if others < len(mains) else f"all {others} of these"
    single = [count for _, count in counts] == [1]
    found = (
        f"Only {listed(each)} main{'s' * (not single)} suit{'s' * single}"
        if each
        else ("No main of your favourite cuisines suits")
    )
    return f"{found} these preferences, so {served} are of other cuisines."


def meat_or_fish_sentence(request: PlanRequest, dishes: Sequence[Dish], days: Sequence[PlannedDay]) -> str | None:
    """Return how often `days` have meat or fish, where that is not as often as `request` asks; else None."""
    weeks = [wanted(request, len(days[first : first + WEEK])) for first in range(0, len(days), WEEK)]
    least, most = (sum(ends) for ends in zip(*weeks, strict=True))
    with_it = {dish.recipe.slug for dish in dishes if dish.has_meat_or_fish}
    meals = [meal for day in days for meal in day.meals]
    mains = [meal for meal in meals if meal.slot.kind == MAIN]
    served, of_mains = (sum(meal.recipe.slug in with_it for meal in some) for some in (meals, mains))
    few = of_mains < least
    if not few and served <= most:
        return None
    means = f"at least {least} of these {len(mains)} mains" if few else f"at most {most} of these {len(meals)} meals"
    because = "your targets and other wishes leave no room for that"
    if scarce(request, dishes) is few:
        count = sum(is_scarce(dish, few) for dish in dishes)
        found = f"only {count} main{'s'[: count > 1]}" if count else "no main"
        because = f"{found} {'with' if few else 'without'} it suit{'s'[: count < 2]} these preferences"
    often = "most days" if request.meat_or_fish == MOST else "some days"
    count = of_mains if few else served
    have = f"{count or 'none'} ha{'s' if count == 1 else 've'} it"
    return f"Meat or fish on {often} means {means}, but {because}, so {have}."


def limit_sentences(request: PlanRequest, days: Sequence[PlannedDay], foods: Mapping[str, Food]) -> Iterator[str]:
    """Yield which limits an average one of `days` does not keep, and by how much."""
    mean = mean_details([_day_details(day, foods) for day in days])
    for name, limit in request.day_limits.items():
        grams = getattr(mean, name)
        if beyond(name, limit, grams) > _WORTH_TELLING and not (name in AT_LEAST and name in mean.incomplete):
            known = "at least " if name in mean.incomplete else ""
            side = "below the" if name in AT_LEAST else "above the"
            yield f"{_LIMITS[name]} to {known}{grams:.3g} g a day on average, {side} {limit:.3g} g that you aim at."


def snack_minutes_sentence(request: PlanRequest, days: Sequence[PlannedDay], weeks: Sequence[Limits]) -> str | None:
    """Return on how many of `days` cooking takes longer than the meals may, since the limits of the `weeks` give snacks
    minutes of their own; None where it does on none."""
    meals = sum(slot.kind != SNACK for slot in request.slots)
    allowed = [minutes for limits in weeks for minutes in limits.minutes]
    usual = [meals * request.minutes_of_day(number) for number in range(len(days))]
    longer = [number for number, day in enumerate(days) if meals and usual[number] < day.minutes <= allowed[number]]
    if not longer:
        return None
    worst = max(longer, key=lambda number: days[number].minutes - usual[number])
    often = "every day" if len(longer) == len(days) else f"on {len(longer)} of {len(days)} days"
    on, most = (f"{often} ", ", most of all on {}") if longer[1:] else ("on {} ", "")
    return (
        f"Few quick dishes suit these preferences, so snacks have minutes of their own: {on}cooking takes longer than "
        f"your other meals alone may{most}: {days[worst].minutes} minutes instead of {usual[worst]}."
    ).format(request.name_of(worst))


def same_day_sentences(request: PlanRequest, days: Sequence[PlannedDay], weeks: Sequence[Limits]) -> Iterator[str]:
    """Yield which dishes come twice on one of `days` because too few suit to fill it, where no sentence says already
    that they come more often in a week."""
    for number, day in enumerate(days):
        limits = weeks[number // WEEK]
        kinds = {meal.recipe.slug: meal.slot.kind for meal in day.meals}
        counts = Counter((meal.recipe.slug, meal.recipe.title) for meal in day.meals)
        for (slug, title), count in counts.items():
            if count > 1 and not limits.dishes_differ and limits.dishes[slug] <= usual_times(request, kinds[slug]):
                often = "twice" if count == 2 else f"{count} times"
                when = request.name_of(number)
                yield f"Few {kinds[slug]}s suit these preferences, so {title} comes {often} on {when}."


def _day_details(day: PlannedDay, foods: Mapping[str, Food]) -> Details:
    return details(
        (
            Ingredient(food_id=item.food_id, grams=item.grams * meal.portion)
            for meal in day.meals
            for item in meal.recipe.ingredients
        ),
        foods,
    )

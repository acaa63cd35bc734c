"""Whether a plan keeps what a week may hold, meets what it says it meets, and tells what it does not."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.planner.model import Recipe
from mealplanner.planner.results import Plan, PlannedDay, PlannedMeal
from tests.second_proof.dishes import is_meat_or_fish
from tests.second_proof.foods import table
from tests.second_proof.meals import FIGURES, KINDS, Asked, meal_violations, total

TOLERANCE: Final = 0.05
TIMES_OF_OTHERS: Final = {"off": 2, "low": 3, "medium": 4, "high": 5}
"""How much it matters that breakfasts and snacks come again -> how often one may in a week."""
LIMITS: Final = {"salt_g": "salt", "sugars_g": "sugars", "saturates_g": "saturates", "fibre_g": "fibre"}
"""What a request calls a limit -> what the food table does."""
_TOLD_LIMITS: Final = {"salt_g": "Salt", "sugars_g": "Sugars", "saturates_g": "Saturated fat", "fibre_g": "Fibre"}


def violations(inputs: GenerationInputs, made: Plan, catalogue: Mapping[str, Recipe]) -> list[str]:
    """Return what is wrong with `made`, a plan of at most a week for `inputs`; empty when all is as it should be."""
    asked = Asked(inputs)
    return [
        *meal_violations(asked, made, dict(catalogue)),
        *_day_violations(asked, made),
        *_cooking(asked, made),
        *_week_violations(asked, made),
        *_wish_violations(asked, made),
    ]


def suiting(inputs: GenerationInputs, kind: str, catalogue: Mapping[str, Recipe]) -> list[str]:
    """Return the slugs of the dishes of `kind` which nothing that is known here keeps from the person."""
    asked = Asked(inputs)
    return [dish.slug for dish in catalogue.values() if kind in dish.kinds and not any(asked.against(dish))]


def days_on_target(inputs: GenerationInputs, made: Plan) -> int:
    """Return how many days have all four figures within 5 % of their targets, by sums of its own."""
    asked = Asked(inputs)
    return sum(not any(_missed(asked, day)) for day in made.days)


def told(made: Plan, pattern: str) -> list[re.Match[str]]:
    """Return where `pattern` stands in what the plan says to the person."""
    return [found for sentence in made.advice if (found := re.search(pattern, sentence))]


def _missed(asked: Asked, day: PlannedDay) -> Iterator[str]:
    for name, column in FIGURES.items():
        own = math.fsum(meal.portion * total(meal.recipe.ingredients, column) for meal in day.meals)
        if abs(own - asked.target[name]) > TOLERANCE * asked.target[name]:
            yield name


def _day_violations(asked: Asked, made: Plan) -> Iterator[str]:
    if len(made.days) != len(asked.inputs.days):
        yield f"{len(made.days)} days of {len(asked.inputs.days)}"
    said = {(item.day, item.nutrient) for item in made.shortfalls}
    own = {(number, name) for number, day in enumerate(made.days) for name in _missed(asked, day)}
    for number, name in sorted(said ^ own):
        yield f"day {number + 1}: {name} is {'on' if (number, name) in said else 'off'} target, unlike what is said"
    if own and not made.advice:
        yield "targets are missed and nothing is said"
    for number, day in enumerate(made.days):
        yield from (f"day {number + 1}: {wrong}" for wrong in _one_day(asked, made, number, day))


def _one_day(asked: Asked, made: Plan, number: int, day: PlannedDay) -> Iterator[str]:
    when = asked.inputs.dates[number].strftime("%A")
    if Counter(meal.slot.name for meal in day.meals) != Counter(asked.meals):
        yield f"meals are {', '.join(meal.slot.name for meal in day.meals)}"
    times = [meal.slot.time for meal in day.meals]
    wanted = asked.inputs.preferences.meal_times
    late = [meal.slot.name for meal in day.meals if wanted.get(meal.slot.name, meal.slot.time) != meal.slot.time]
    if times != sorted(times) or late:
        yield f"meals are at {', '.join(times)}"
    for dish, count in Counter((meal.recipe.slug, meal.recipe.title) for meal in day.meals).items():
        if count > 1 and not told(made, f"{re.escape(dish[1])} comes twice|(?:Only|Few) .* may come up to"):
            yield f"{dish[0]} is served {count} times"
    proteins = [meal.recipe.main_protein for meal in day.meals if KINDS[meal.slot.name] == "main"]
    if len(set(proteins)) < len(proteins) and not told(
        made, f"two mains with .* on {when}|too few main proteins|(?:Only .*|Few) mains? .* may come up to"
    ):
        yield f"lunch and dinner are both of {proteins[0]}"
    for meal in day.meals:
        yield from (f"{meal.recipe.slug}: {wrong}" for wrong in _out_of_place(asked, made, number, when, meal))


def _cooking(asked: Asked, made: Plan) -> Iterator[str]:
    """Snacks have minutes of their own only where the plan says so, with the worst day and how many there are."""
    meals = len([name for name in asked.meals if name != "snack"] or asked.meals)
    longer = {}
    for number, day in enumerate(made.days):
        when = asked.inputs.dates[number].strftime("%A")
        cooking, most = sum(meal.recipe.minutes for meal in day.meals), asked.minutes(number) * meals
        if cooking > most and not told(made, f"Cooking takes {cooking} minutes on {when}"):
            longer[when] = (cooking - most, f"{cooking} minutes of cooking instead of {most}")
            if cooking > asked.minutes(number) * len(day.meals):
                yield f"{when}: {cooking} minutes of cooking, more than all the meals may take"
    often = "every day" if len(longer) == len(made.days) else f"on {len(longer)} of {len(made.days)} days"
    when = rf"{often} .*, most of all on (\w+)" if len(longer) > 1 else r"on (\w+) .*"
    said = told(made, rf"snacks have minutes of their own: {when}: (\d+) minutes instead of (\d+)\.$")
    if not longer and told(made, "snacks have minutes of their own"):
        yield "snacks are said to have minutes of their own, which they do not use"
        return
    for when, (more, wrong) in longer.items():
        if more == max(longer.values())[0] and not said:
            yield f"{when}: {wrong}"
    for found in said:
        if longer.get(found[1]) != (max(longer.values())[0], f"{found[2]} minutes of cooking instead of {found[3]}"):
            yield f"it says: {found[0]}"


def _out_of_place(asked: Asked, made: Plan, number: int, when: str, meal: PlannedMeal) -> Iterator[str]:
    """Yield what is wrong with a meal on its day, which a plan may do where it says so."""
    dish, title = meal.recipe, re.escape(meal.recipe.title)
    if asked.counted(dish) > asked.minutes(number) and not told(made, f"{title} comes on {when}, and takes longer"):
        yield f"{asked.counted(dish)} minutes of {asked.minutes(number)} on {when}"
    if number == 0 and dish.day_before and not told(made, f"{title} comes on {when}, and has to be begun"):
        yield "it has to be begun the day before"
    unwanted = "not-weekdays" in asked.inputs.opinions.get(dish.slug, ()) and when not in ("Saturday", "Sunday")
    if unwanted and not told(made, f"{title} comes on {when}, on which you do not want it"):
        yield f"it is not wanted on a {when}"
    share, own = asked.share(meal.slot.name), meal.portion * total(dish.ingredients, "kcal")
    name = meal.slot.name
    if abs(own - share) > 0.4 * share + 1e-6 and not told(
        made, f"right size for .*{name}|The {name} of {when} is much larger|kcal is out of reach of"
    ):
        yield f"{own:.0f} kcal, where the {name} usually has {share:.0f}"


def _week_violations(asked: Asked, made: Plan) -> Iterator[str]:
    meals = [meal for day in made.days for meal in day.meals]
    mains = [meal.recipe for meal in meals if KINDS[meal.slot.name] == "main"]
    titles = {meal.recipe.slug: re.escape(meal.recipe.title) for meal in meals}
    others = TIMES_OF_OTHERS[asked.inputs.preferences.same_meals]
    for kind, usual in (("main", 1), ("breakfast", others), ("snack", others)):
        counts = Counter(meal.recipe.slug for meal in meals if KINDS[meal.slot.name] == kind)
        few = told(made, rf"(?:Only \d+|Few) {kind}.* up to (\d+) times a week")
        allowed = max([usual, *(int(found[1]) for found in few)])
        for slug, count in counts.items():
            if count > allowed and not told(made, f"{titles[slug]} comes more often than it should"):
                yield f"{slug} is a {kind} {count} times a week instead of {allowed}"
    few_mains = told(made, r"(?:Only \d+|Few) mains? (?:suits?|are of)")
    yield from _proteins(asked, made, mains, said=bool(few_mains))
    yield from _cuisines(asked, made, mains, said=bool(few_mains))


def _proteins(asked: Asked, made: Plan, mains: Sequence[Recipe], *, said: bool) -> Iterator[str]:
    asks = asked.inputs.preferences
    vegan = "vegan" in (asks.diet_type, *asks.dietary_restrictions)
    usual = 5 if vegan or asks.meat_or_fish == "most" else 3
    allowed = max([usual, *(int(found[1]) for found in told(made, r"few main proteins, so .* up to (\d+) times"))])
    for protein, count in Counter(dish.main_protein for dish in mains).items():
        if count > allowed and not said and not told(made, f"Mains with {protein} come more often"):
            yield f"{count} mains of {protein} a week instead of {allowed}"


def _cuisines(asked: Asked, made: Plan, mains: Sequence[Recipe], *, said: bool) -> Iterator[str]:
    liked = asked.inputs.preferences.recipe_type
    allowed = max([3, *(int(found[1]) for found in told(made, r"few cuisines, so .* up to (\d+) times"))])
    for cuisine, count in Counter(dish.cuisine for dish in mains).items():
        if count > allowed and cuisine not in liked and not said and not told(made, "dishes come more often than they"):
            yield f"{count} mains are {cuisine} instead of {allowed}"


def _wish_violations(asked: Asked, made: Plan) -> Iterator[str]:
    yield from _meat_or_fish(asked, made)
    for name, limit in asked.inputs.preferences.limits_of_a_day().items():
        yield from _limit(made, name, limit)
    off = [name for name, grams in asked.inputs.preferences.day_limits.items() if grams is None]
    yield from (f"{name} is told, which is switched off" for name in off if told(made, f"^{_TOLD_LIMITS[name]} come"))


def _meat_or_fish(asked: Asked, made: Plan) -> Iterator[str]:
    """Most days: so many mains that five of seven days have some, however they fall. Some: three or four meals of seven
    days."""
    wish, days = asked.inputs.preferences.meat_or_fish, len(made.days)
    if wish not in ("some", "most"):
        return
    meals = [meal for day in made.days for meal in day.meals]
    with_it = sum(_has_meat_or_fish(meal.recipe) for meal in meals)
    mains_with = sum(_has_meat_or_fish(meal.recipe) for meal in meals if KINDS[meal.slot.name] == "main")
    mains = sum(KINDS[name] == "main" for name in asked.meals)
    least, most = min(3 * days // 7, days * mains), max(1, round(4 * days / 7))
    if wish == "most":
        least, most = (max(1, round(5 * days / 7)) - 1) * mains + 1 if mains else 0, len(meals)
    kept = least <= mains_with and with_it <= most
    if kept is bool(told(made, "^Meat or fish on")):
        yield f"meat or fish on {wish} days is {'kept' if kept else 'missed'}, unlike what is said"


def _has_meat_or_fish(dish: Recipe) -> bool:
    rows = [table()[item.food_id] for item in dish.ingredients]
    return any(is_meat_or_fish(row) and row["aisle"] in ("meat-poultry", "fish-seafood") for row in rows)


def _limit(made: Plan, name: str, limit: float) -> Iterator[str]:
    """A limit that an average day misses by more than a tenth is told, with its figures; no other is."""
    column = LIMITS[name]
    meals = [meal for day in made.days for meal in day.meals]
    mean = math.fsum(meal.portion * total(meal.recipe.ingredients, column) for meal in meals) / len(made.days)
    sentences = told(made, rf"^{_TOLD_LIMITS[name]} comes? to (?:at least )?(\S+) g a day on average, \w+ the (\S+) g")
    unknown = any(not table()[item.food_id][column] for meal in meals for item in meal.recipe.ingredients)
    missed = mean < 0.9 * limit if name == "fibre_g" else mean > 1.1 * limit
    if missed and not sentences and not (name == "fibre_g" and unknown):
        yield f"{name} is {mean:.1f} a day, {limit:.1f} is wished for, and nothing is said"
    for found in sentences:
        if not missed or not math.isclose(float(found[1]), mean, rel_tol=0.01) or f"{limit:.3g}" != found[2]:
            yield f"{name} is {mean:.1f} a day, {limit:.1f} is wished for, and it says: {found[0]}"

"""What a change of the preferences does to a request, which filters it lifts, and how it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mealplanner.planner.day_limits import rescaled
from mealplanner.planner.meat_or_fish import ANY, NEVER
from mealplanner.planner.model import SNACK, PlanRequest
from mealplanner.planner.pool import Dish, Filter, rules
from mealplanner.planner.restrictions import ALLERGENS, RESTRICTIONS
from mealplanner.planner.results import Change
from mealplanner.planner.targets import MEALS, daily_target, day_slots, minutes_per_meal

_COUNTS: Final = ("no", "one", "two", "three", "four")

_COMPLEXITIES: Final = (25, 50, 60, 80, 100)
"""Steps of the complexity that a person accepts: 30, 45, 60, 90 and 120 minutes a meal."""


def applied(request: PlanRequest, change: Change) -> PlanRequest:
    """Return `request` with `change`. Raise `ValueError` for a preference that cannot be changed here."""
    match change:
        case Change("set", "snacks_per_day", int(count)):
            return replace(request, slots=day_slots(meal_times(request), count))
        case Change("set", "meal_times", tuple(times)):
            return replace(request, slots=day_slots(dict(times), snacks(request)))  # type: ignore[arg-type]
        case Change("set", "calorie_goal", int(kcal)):
            return replace(
                request,
                target=request.target * (kcal / request.target.kcal),
                day_limits=rescaled(request.day_limits, request.target.kcal, kcal),
            )
        case Change("set", "macros", (protein, carbohydrate, fat)):
            return replace(request, target=daily_target(request.target.kcal, protein, carbohydrate, fat))  # type: ignore[arg-type]
        case Change("set", "prep_complexity", int(complexity)):
            return replace(request, minutes_per_meal=minutes_per_meal(complexity))
        case Change("add", "appliances", str(name)):
            return replace(request, appliances=request.appliances | {name})
        case Change("remove", "disliked_ingredients", str(text)):
            dislikes = {other: foods for other, foods in request.dislikes.items() if other != text}
            dropped = request.dislikes.get(text, frozenset({text})).difference(*dislikes.values())
            return replace(request, disliked_foods=request.disliked_foods - dropped, dislikes=dislikes)
        case Change("set", "meat_or_fish", str(choice)):
            return replace(request, meat_or_fish=choice)
        case Change("remove", "dietary_restrictions", str(rule)):
            return replace(request, restrictions=request.restrictions - {rule})
        case Change("set", "diet_type", str(diet)):
            return replace(request, diet=diet)
        case Change("remove", "ratings", _):
            return replace(request, ratings={slug: rating for slug, rating in request.ratings.items() if rating > 0})
    raise ValueError(f"expected a change of a known preference, got {change}")


def admitted(request: PlanRequest, dishes: Sequence[Dish]) -> tuple[Dish, ...]:
    """Return those of `dishes`, filtered for another request, that `request` admits.

    `request` must ask for nothing that the other did not: filters can go, none can come.
    """
    kinds = {slot.kind for slot in request.slots}
    return tuple(
        dish
        for dish in dishes
        if dish.recipe.kinds & kinds and not any(_holds(name, request, dish) for name in dish.refused_by)
    )


def lifting(request: PlanRequest, name: Filter, dish: Dish) -> Change | None:
    """Return the change of `request` that lifts the filter `name`, which refuses `dish`.

    None when several dislikes leave a food out, or the dish takes longer than any preference allows.
    """
    match name.kind:
        case "minutes":
            enough = (step for step in _COMPLEXITIES if minutes_per_meal(step) >= request.minutes_of(dish.recipe))
            step = next(enough, None)
            return None if step is None else Change("set", "prep_complexity", step)
        case "appliance":
            return Change("add", "appliances", name.value)
        case "dislike":
            texts = [text for text, foods in request.dislikes.items() if name.value in foods] or [name.value]
            return Change("remove", "disliked_ingredients", texts[0]) if len(texts) == 1 else None
        case "meat or fish":
            return Change("set", "meat_or_fish", ANY)
        case "rating":
            return Change("remove", "ratings", name.value)
        case "diet":
            return Change("set", "diet_type", "omnivore")
        case _:
            return Change("remove", "dietary_restrictions", name.value)


def safety(changes: Iterable[Change]) -> int:
    """Return how careful to be with `changes`: 0 for wishes, 1 for a way of eating, 2 for what may be an allergy."""
    return max(
        (
            2 if change.value in ALLERGENS else 1
            for change in changes
            if change.preference in {"diet_type", "dietary_restrictions", "meat_or_fish"}
        ),
        default=0,
    )


def in_words(request: PlanRequest, change: Change, names: Mapping[str, str]) -> str:
    """Return `change` of `request` as the beginning of a sentence, in lower case. `names` maps food ids to names."""
    value = change.value
    match change.preference:
        case "snacks_per_day":
            count = value if isinstance(value, int) else 0
            return f"with {_COUNTS[count]} snack{'s'[: count > 1]} a day" if count else "without snacks"
        case "meal_times":
            before, after = meal_times(request), dict(value)  # type: ignore[arg-type]
            added = [meal for meal in MEALS if meal in after.keys() - before.keys()]
            gone = [meal for meal in MEALS if meal in before.keys() - after.keys()]
            return f"with {listed(added)} as well" if added else f"without {listed(gone)}"
        case "calorie_goal":
            return f"at {value:,} kcal a day"
        case "macros":
            protein, carbohydrate, fat = (f"{percent:.0f}%" for percent in value)  # type: ignore[union-attr]
            return f"with {protein} of the energy from protein, {carbohydrate} from carbohydrate and {fat} from fat"
        case "prep_complexity":
            return f"with {minutes_per_meal(int(value))} minutes a meal"  # type: ignore[arg-type]
        case "appliances":
            name = str(value).replace("-", " ")
            return f"with {'an' if name[0] in 'aeiou' else 'a'} {name}"
        case "disliked_ingredients":
            return f"without the dislike of {names.get(str(value), str(value)).lower()}"
        case "meat_or_fish":
            return "with meat or fish as it comes"
        case "ratings":
            return f"with the dishes that you rated “{value}”"
        case "diet_type":
            return f"without the {request.diet} diet"
    label = f"without the restriction “{RESTRICTIONS.get(str(value), str(value))}”"
    return f"{label}, if it is no allergy," if safety((change,)) > 1 else label


def meal_times(request: PlanRequest) -> dict[str, str]:
    """Return the meals of a day and when they are eaten, without the snacks."""
    return {slot.name: slot.time for slot in request.slots if slot.kind != SNACK}


def snacks(request: PlanRequest) -> int:
    """Return the snacks a day."""
    return sum(slot.kind == SNACK for slot in request.slots)


def cuisine_name(slug: str) -> str:
    """Return how people write a cuisine: `Middle Eastern` for `middle-eastern`."""
    return " ".join(word.capitalize() for word in slug.split("-"))


def listed(items: Sequence[str]) -> str:
    """Return `items` as an enumeration."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _holds(name: Filter, request: PlanRequest, dish: Dish) -> bool:
    """Whether `name`, a filter of another request, refuses `dish` in `request` too."""
    match name.kind:
        case "minutes":
            return request.minutes_of(dish.recipe) > request.most_minutes
        case "appliance":
            return name.value not in request.appliances
        case "dislike":
            return name.value in request.disliked_foods
        case "meat or fish":
            return request.meat_or_fish == NEVER
        case "rating":
            return request.ratings.get(dish.recipe.slug, 0) < 0
        case _:
            return name.value in rules(request)

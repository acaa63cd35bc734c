"""Random people, each with what they ask for, ate lately and think of dishes: seeded, the same on every machine."""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from mealplanner.food.catalogue import load_catalogue
from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.menu.generation.inputs import GenerationInputs
from mealplanner.planner.habits import LEVELS
from mealplanner.planner.meat_or_fish import ANY, CHOICES
from mealplanner.planner.model import NO_CUISINE
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.preferences.values import WEEKDAYS, Preferences
from tests.second_proof.dislikes import TYPED

DAYS: Final = (1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7)
SNACKS: Final = (0, 1, 1, 1, 2, 2, 3)
RESTRICTED: Final = (0, 0, 0, 1, 1, 2, 3)
"""How many restrictions a person has beside the diet."""
HARD: Final = 0.1
"""The part of the people whose energy and macros are out of the ordinary."""


def random_wish(seed: int, number: int) -> GenerationInputs:
    """Return the inputs of person `number`; `seed` stands for the crowd."""
    rng = random.Random(f"{seed} {number}")
    days = rng.choice(DAYS)
    slugs = [recipe.slug for recipe in load_catalogue().recipes]
    return GenerationInputs(
        source="planner",
        preferences=_preferences(rng),
        start_date=datetime.date(2026, 1, 1) + datetime.timedelta(days=rng.randrange(365)),
        days=tuple(range(days)),
        seed=rng.randrange(2**31),
        recent={slug: rng.randint(1, 28) for slug in _some(rng, slugs, 60)},
        recent_titles=(),
        ratings={slug: rng.choice((1, -1)) for slug in _some(rng, slugs, 80)},
        opinions={slug: frozenset({rng.choice(("too-long", "not-weekdays"))}) for slug in _some(rng, slugs, 60)},
        usual=(),
    )


def _preferences(rng: random.Random) -> Preferences:
    usual = Preferences(
        diet_type=rng.choice((*DIETS, "omnivore", "vegetarian", "vegan")),
        dietary_restrictions=sorted(rng.sample(sorted(RESTRICTIONS), rng.choice(RESTRICTED))),
        disliked_ingredients=_some(rng, sorted(TYPED), 5),
        recipe_type=_some(rng, sorted(CUISINES.keys() - {NO_CUISINE}), 4) if rng.random() < 0.3 else [],
        meat_or_fish=rng.choice((*CHOICES, ANY)),
        meal_times=_meal_times(rng),
        snacks_per_day=rng.choice(SNACKS),
        appliances=_appliances(rng),
        prep_complexity=rng.choice((20, 35, 50, 50, 50, 65, 80, 100)),
        servings_per_meal=rng.choice((1, 1, 2, 3, 4)),
        minutes_by_weekday=_by_weekday(rng),
        day_limits=_limits(rng),
        **{habit: rng.choice(LEVELS) for habit in ("use_up", "same_meals", "whole_units", "short_days")},
    )
    return replace(usual, **_numbers(rng, usual.diet_type))


def _numbers(rng: random.Random, diet: str) -> dict[str, Any]:
    """Return the energy and macros of a person who knows what the diet can give, or of one who does not."""
    if rng.random() < HARD:
        protein, fat = rng.randint(5, 50), rng.randint(5, 50)
        kcal = rng.choice((800, 1000, 1100, 3800, 4500, 6000, rng.randint(1400, 3200)))
    else:
        protein, fat = rng.randint(16, 28), rng.randint(24, 36)
        kcal = 50 * rng.randint(28, 60)
        if diet == "keto":
            protein, fat = rng.randint(20, 28), rng.randint(62, 68)
        elif diet == "paleo":
            protein, fat = rng.randint(22, 32), rng.randint(33, 45)
    return {
        "calorie_goal": kcal,
        "macro_protein": protein,
        "macro_carbs": 100 - protein - fat,
        "macro_fat": fat,
    }


def _meal_times(rng: random.Random) -> dict[str, str]:
    times = {"breakfast": ("06:30", "08:00"), "lunch": ("12:00", "13:15"), "dinner": ("18:30", "20:00")}
    kept = [name for name in times if rng.random() < 0.93] or ["dinner"]
    return {name: rng.choice(times[name]) for name in kept}


def _appliances(rng: random.Random) -> list[str]:
    if rng.random() < 0.6:
        return Preferences().appliances
    return sorted({*_some(rng, sorted(APPLIANCES), len(APPLIANCES)), rng.choice(("stove", "oven", "microwave"))})


def _by_weekday(rng: random.Random) -> dict[str, int]:
    if rng.random() < 0.7:
        return {}
    return {day: rng.choice((15, 20, 30, 60, 90, 120)) for day in _some(rng, WEEKDAYS, 4)}


def _limits(rng: random.Random) -> dict[str, float | None]:
    """Return limits that are switched off or the person's own; the others are as recommended."""
    if rng.random() < 0.5:
        return {}
    own = {"salt_g": (3, 8), "sugars_g": (30, 120), "saturates_g": (12, 40), "fibre_g": (20, 45)}
    chosen = [name for name in own if rng.random() < 0.6]
    return {name: rng.choice((None, float(rng.randint(*own[name])))) for name in chosen}


def _some(rng: random.Random, values: Collection[str] | Sequence[str], most: int) -> list[str]:
    """Return up to `most` of `values`, often none."""
    return rng.sample(list(values), rng.choice((0, rng.randint(0, most))))

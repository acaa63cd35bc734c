"""Searching the dishes of the catalogue and a person's own, what suits the person first. Pure."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Final

from mealplanner.cookbook.values import EaterRead
from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.food.dish_search import missing_in_title, wanted_words
from mealplanner.food.suitability import Unsuitable, forbidden, unsuitable, unwanted
from mealplanner.food.vocabulary import CUISINES
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.model import BREAKFAST, MAIN, SNACK, Nutrients, PlanRequest, Recipe
from mealplanner.planner.nutrition import is_known, nutrients
from mealplanner.planner.pool import rules as rules_of
from mealplanner.planner.restrictions import DIETS, Refusal, refusal
from mealplanner.presentation.formatting import duration, label
from mealplanner.presentation.glyphs import food_glyph
from mealplanner.recipes.assembly import planner_dishes
from mealplanner.recipes.opinions.values import TOO_LONG, with_opinion
from mealplanner.recipes.presentation import numbers_or_null
from mealplanner.recipes.values import name_of_cuisine

GROUPS: Final = ("Suits you", "With more time or another appliance", "Not for you")
"""In the order in which dishes are listed."""

PAGE: Final = 24
"""Dishes on a page."""

MEALS: Final[Mapping[str, str]] = {
    BREAKFAST: BREAKFAST, MAIN: MAIN, SNACK: SNACK, "lunch": MAIN, "dinner": MAIN
}  # fmt: skip
"""What a search for a meal may say -> the kind of dish."""


CHOICES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "meal": ((BREAKFAST, "Breakfast"), (MAIN, "Lunch or dinner"), (SNACK, "Snack")),
    "minutes": tuple((str(most), f"Up to {duration(most)}") for most in (10, 20, 30, 45, 60)),
    "cuisine": tuple(CUISINES.items()),
    "diet": tuple((diet, label(diet)) for diet in DIETS if DIETS[diet] or diet == "keto"),
}
"""Field of a search -> what its list offers, each with its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is searched for; an empty field matches everything."""

    words: str = ""
    """In the title, or names of foods, of a cuisine or of a main protein."""
    meal: str = ""
    cuisine: str = ""
    diet: str = ""
    minutes: int | None = None
    """At most."""
    favourites: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    """A dish as a list shows it; `serving` is for one person."""

    id: uuid.UUID
    recipe: Recipe
    own: bool
    serving: Nutrients | None
    """None where some ingredient is not known to this release."""
    rating: int
    unsuitable: Unsuitable | None

    @property
    def glyph(self) -> str:
        """The drawing of its main food."""
        return food_glyph(self.recipe.main_protein)

    @property
    def cuisine_name(self) -> str:
        """The cuisine as people read it."""
        return name_of_cuisine(self.recipe.cuisine)

    @property
    def group(self) -> str:
        """What it stands under: dishes that suit, that could, or that do not."""
        return GROUPS[_tier(self)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was found."""

    dishes: tuple[Dish, ...]
    total: int
    page: int

    @property
    def groups(self) -> list[tuple[str, list[Dish]]]:
        """Return the dishes under their headings."""
        return [(group, list(dishes)) for group, dishes in groupby(self.dishes, key=lambda dish: dish.group)]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, math.ceil(self.total / PAGE))


def search_page(search: Search, read: EaterRead) -> Found:
    """Return the page of `search` for the person that was read."""
    foods = load_catalogue().foods
    request = plan_request(read.preferences, foods, days=1, seed=0, recent={}, ratings=read.ratings)
    slow = with_opinion(read.opinions, TOO_LONG)
    return find(search, replace(request, too_long=slow), planner_dishes(read.own))


def found_json(found: Found) -> dict[str, Any]:
    """Return a page of dishes for programs."""
    dishes = [_dish_json(dish) for dish in found.dishes]
    return {"dishes": dishes, "total": found.total, "page": found.page, "pages": found.pages}


def find(search: Search, request: PlanRequest, own: Mapping[uuid.UUID, Recipe]) -> Found:
    """Return the page of the dishes that match `search`.

    What suits the person of `request` comes first, then what would with more time or another appliance, then the rest.
    """
    wanted = wanted_words(search.words)
    ranked = sorted(
        (
            (_order(dish, rank, request), dish)
            for dish in _dishes(request, own)
            if _matches(dish, search) and (rank := missing_in_title(dish.recipe, wanted)) is not None
        ),
        key=lambda pair: pair[0],
    )
    first = (search.page - 1) * PAGE
    return Found(dishes=tuple(dish for _, dish in ranked[first : first + PAGE]), total=len(ranked), page=search.page)


def _dishes(request: PlanRequest, own: Mapping[uuid.UUID, Recipe]) -> Iterator[Dish]:
    foods = load_catalogue().foods
    refused, servings = _refused(rules_of(request)), _servings()
    for id_, recipe in recipes_by_id().items():
        found = refused.get(id_)
        verdict = forbidden(found, foods) if found else unwanted(recipe, request, foods)
        yield _dish(id_, recipe, request, verdict, servings[id_])
    for id_, recipe in own.items():
        serving = nutrients(recipe, foods) if is_known(recipe, foods) else None
        yield _dish(id_, recipe, request, unsuitable(recipe, request, foods), serving, own=True)


def _dish(
    id_: uuid.UUID,
    recipe: Recipe,
    request: PlanRequest,
    verdict: Unsuitable | None,
    serving: Nutrients | None,
    *,
    own: bool = False,
) -> Dish:
    rating = request.ratings.get(recipe.slug, 0)
    return Dish(id=id_, recipe=recipe, own=own, serving=serving, rating=rating, unsuitable=verdict)


@lru_cache(maxsize=64)
def _refused(rules: frozenset[str]) -> Mapping[uuid.UUID, Refusal]:
    """Return why the dishes of the catalogue that `rules` forbid are refused; proving it anew takes as long as many
    pages."""
    foods = load_catalogue().foods
    found = ((id_, refusal(recipe, foods, rules)) for id_, recipe in recipes_by_id().items())
    return {id_: refused for id_, refused in found if refused is not None}


@cache
def _servings() -> Mapping[uuid.UUID, Nutrients]:
    foods = load_catalogue().foods
    return {id_: nutrients(recipe, foods) for id_, recipe in recipes_by_id().items()}


def _matches(dish: Dish, search: Search) -> bool:
    recipe = dish.recipe
    return (
        (not search.meal or MEALS[search.meal] in recipe.kinds)
        and search.cuisine in ("", recipe.cuisine)
        and (search.minutes is None or recipe.minutes <= search.minutes)
        and not (search.favourites and dish.rating <= 0)
        and not (search.diet and _breaks(dish, search.diet))
    )


def _breaks(dish: Dish, diet: str) -> bool:
    if dish.own:
        return refusal(dish.recipe, load_catalogue().foods, (diet,)) is not None
    return dish.id in _refused(frozenset({diet}))


def _tier(dish: Dish) -> int:
    return 0 if dish.unsuitable is None else 1 if dish.unsuitable.could_be else 2


def _order(dish: Dish, rank: int, request: PlanRequest) -> tuple[object, ...]:
    liked = dish.recipe.cuisine in request.cuisines
    return _tier(dish), rank, -dish.rating, not liked, dish.recipe.title, dish.id


def _dish_json(dish: Dish) -> dict[str, Any]:
    return {
        "id": str(dish.id),
        "title": dish.recipe.title,
        "source": "model" if dish.own else "catalogue",
        "cuisine": dish.recipe.cuisine,
        "kinds": sorted(dish.recipe.kinds),
        "minutes": dish.recipe.minutes,
        **numbers_or_null(dish.serving),
        "rating": dish.rating,
        "suits": dish.unsuitable is None,
        "reason": dish.unsuitable.reason if dish.unsuitable is not None else None,
    }

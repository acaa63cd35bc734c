"""What a dish costs by itself: the seed's taste, what the person likes, and what they ate lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.random import Generator

from mealplanner.planner.model import MAIN, NO_CUISINE, PlanRequest, Recipe
from mealplanner.planner.pool import Dish
from mealplanner.planner.scoring import Scoring


def tastes(dishes: Sequence[Dish], rng: Generator) -> dict[str, float]:
    """Draw how much each dish appeals, from 0 for the most to 1; by slug."""
    return dict(zip((dish.recipe.slug for dish in dishes), rng.random(len(dishes)).tolist(), strict=True))


def own_points(
    request: PlanRequest, dish: Dish, *, taste: Mapping[str, float], days_ago: int | None, scoring: Scoring
) -> float:
    """Return what `dish` costs by itself when it was eaten `days_ago` (None: never), favoured or not."""
    slug = dish.recipe.slug
    foreign = _is_foreign(request, dish.recipe)
    liked, slow = request.ratings.get(slug, 0) > 0, slug in request.too_long
    use_up = request.habits.use_up
    likes = slow * scoring.too_long - liked * scoring.liking[use_up] - request.bonus.get(slug, 0.0)
    likes += scoring.minute[request.habits.short] * dish.recipe.minutes
    return taste[slug] * scoring.taste + foreign * scoring.cuisine[use_up] + scoring.staleness(days_ago) + likes


def _is_foreign(request: PlanRequest, recipe: Recipe) -> bool:
    """Whether `recipe` is of another cuisine than the favourites; a snack of no cuisine goes with each of them."""
    if not request.cuisines or recipe.cuisine in request.cuisines:
        return False
    return recipe.cuisine != NO_CUISINE or MAIN in recipe.kinds

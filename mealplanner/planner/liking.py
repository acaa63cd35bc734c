"""What a dish costs by itself: the seed's taste, what the person likes, and what they ate lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.random import Generator

from mealplanner.planner.model import PlanRequest
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
    foreign = bool(request.cuisines) and dish.recipe.cuisine not in request.cuisines
    liked, slow = request.ratings.get(slug, 0) > 0, slug in request.too_long
    likes = slow * scoring.too_long - liked * scoring.liking
    return taste[slug] * scoring.taste + foreign * scoring.cuisine + scoring.staleness(days_ago) + likes

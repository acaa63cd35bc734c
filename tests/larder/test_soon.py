"""Dishes that use up what must be eaten soon come first, where the person wants that."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import load_catalogue
from mealplanner.larder import queries, services
from mealplanner.larder.soon import FOR_ALL_OF_IT, MOST, bonuses
from mealplanner.larder.values import Item, Settings
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.model import Ingredient, PlanRequest, Recipe
from mealplanner.planner.plan import plan
from mealplanner.preferences.values import Preferences
from tests.factories import UserFactory, use_session

MONDAY = datetime.date(2026, 11, 23)
CATALOGUE = load_catalogue()


def item(food_id: str, grams: int) -> Item:
    return Item(id=uuid.uuid4(), food_id=food_id, grams=Decimal(grams), best_before=MONDAY)


def dish(slug: str, **grams: float) -> Recipe:
    found: Any = next(iter(CATALOGUE.recipes))
    foods = tuple(Ingredient(food_id=food.replace("_", "-"), grams=amount) for food, amount in grams.items())
    return Recipe(
        **{name: getattr(found, name) for name in ("title", "kinds", "cuisine", "main_protein", "minutes")},
        appliances=found.appliances,
        steps=found.steps,
        slug=slug,
        ingredients=foods,
    )


@pytest.mark.parametrize(
    ("grams", "servings", "share"),
    [({"spinach": 50.0}, 1, 0.25), ({"spinach": 50.0}, 2, 0.5), ({"spinach": 500.0}, 1, 1), ({"kale": 50.0}, 1, 0)],
)
def test_a_dish_counts_by_what_it_uses_up(grams: dict[str, float], servings: int, share: float) -> None:
    found = bonuses([item("spinach", 200)], [dish("soup", **grams)], servings=servings)
    assert found == ({"soup": FOR_ALL_OF_IT * share} if share else {})


def test_what_is_cooked_from_it_counts_and_many_foods_count_so_much_and_no_more() -> None:
    items = [item("rice-basmati-dry", 100), item("spinach", 50), item("egg", 50)]
    found = bonuses(items, [dish("fried-rice", rice_white_cooked=300, spinach=50, egg=50)], servings=1)
    assert found == {"fried-rice": MOST}


def test_a_menu_uses_what_must_be_eaten_soon() -> None:
    """The same request otherwise, and still on target."""

    def spinach(request: PlanRequest) -> float:
        planned = plan(request, CATALOGUE.recipes, CATALOGUE.foods)
        dishes = [meal.recipe for day in planned.days for meal in day.meals]
        assert planned.shortfalls == ()
        return sum(item.grams for dish in dishes for item in dish.ingredients if item.food_id == "spinach")

    wish: Any = {"days": 3, "seed": 3, "recent": {}, "ratings": {}}
    plain = plan_request(Preferences(), CATALOGUE.foods, **wish)
    used = bonuses([item("spinach", 150)], CATALOGUE.recipes, servings=1)
    asked = PlanRequest(**{**{name: getattr(plain, name) for name in plain.__dataclass_fields__}, "bonus": used})
    assert spinach(asked) > spinach(plain)


def test_only_what_is_best_before_a_day_of_the_menu_is_to_be_used_and_only_if_it_is_wanted(session: Session) -> None:
    with use_session(session):
        user_id = UserFactory().id
    for number, food in ((-1, "kale"), (6, "leek"), (0, "spinach"), (7, "carrots")):
        date = MONDAY + datetime.timedelta(days=number)
        services.add(session, user_id, food, 100, best_before=date)
    services.add(session, user_id, "onion", 100, best_before=None)

    def to_use() -> list[str]:
        return [found.food_id for found in queries.to_use(session, user_id, start=MONDAY, days=7)]

    assert to_use() == []
    services.choose(session, user_id, Settings(use_soon=True))
    assert to_use() == ["spinach", "leek"]

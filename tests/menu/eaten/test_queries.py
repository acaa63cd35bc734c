"""What counts as eaten: what was ticked, and else what was planned and not skipped."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mealplanner.menu.eaten.queries import eaten, history
from mealplanner.menu.models import Meal, Menu
from mealplanner.recipes.models import Recipe
from tests.factories import MenuFactory, RecipeFactory, UserFactory

START = datetime.date(2026, 11, 2)
AFTER = datetime.date(2026, 11, 30)
NOON = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)

Serve = Callable[..., Menu]


@pytest.fixture
def serve(session: Session) -> Serve:
    """Return a function that stores a menu with meals by day, each a slug and what was said of it."""
    user = UserFactory()

    def store(served: Mapping[int, list[tuple[str, dict[str, Any]]]], **changes: Any) -> Menu:
        menu: Menu = MenuFactory(**{"user": user, "status": "ready", "start_date": START, **changes})
        for day, meals in served.items():
            for position, (slug, said) in enumerate(meals):
                recipe: Recipe = RecipeFactory(slug=slug, title=slug.title())
                figures = dict.fromkeys(("kcal", "protein_g", "carbohydrate_g", "fat_g"), 1.0)
                place = {"day": day, "position": position, "slot": "lunch", "time": datetime.time(12)}
                session.add(
                    Meal(menu_id=menu.id, recipe_id=recipe.id, portion=1, servings=1, **place, **figures, **said)
                )
        session.flush()  # the queries read what the tables hold
        return menu

    return store


def found(session: Session, menu: Menu, *, days: int = 28, before: datetime.date = AFTER) -> dict[str, datetime.date]:
    """Return slug -> the date of the last meal, in the order that was read."""
    return {dish.slug: dish.last for dish in eaten(session, menu.user_id, before=before, days=days)}


def test_without_a_tick_everything_planned_counts_but_what_was_skipped(session: Session, serve: Serve) -> None:
    menu = serve(
        {0: [("stew", {}), ("pie", {"skipped": "shared"})], 1: [("soup", {}), ("roast", {"skipped": "reserved"})]}
    )
    assert found(session, menu) == {"soup": START + datetime.timedelta(days=1), "stew": START}


def test_on_a_day_with_a_tick_only_ticked_meals_count(session: Session, serve: Serve) -> None:
    """Eaten or cooked; the next day is not known by it."""
    menu = serve({
        0: [("stew", {"eaten_at": NOON}), ("pie", {}), ("soup", {"cooked_at": NOON})],
        1: [("roast", {})],
    })  # fmt: skip
    assert set(found(session, menu)) == {"stew", "soup", "roast"}


def test_a_dish_counts_on_the_day_it_was_eaten_in_the_persons_zone(session: Session, serve: Serve) -> None:
    """Leftovers of Monday on Wednesday; 23:30 UTC is the next day in Auckland."""
    late = datetime.datetime(2026, 11, 4, 23, 30, tzinfo=datetime.UTC)
    user = UserFactory(time_zone="Pacific/Auckland")
    menu = serve({0: [("stew", {"eaten_at": late})]}, user=user)
    assert found(session, menu) == {"stew": datetime.date(2026, 11, 5)}


def test_only_the_days_that_are_asked_for_count(session: Session, serve: Serve) -> None:
    """From the first of them to the day before, in every menu that reaches into them."""
    menu = serve({0: [("stew", {})], 13: [("pie", {})]}, days=28)
    serve({0: [("soup", {})]}, start_date=AFTER)
    assert found(session, menu, before=START + datetime.timedelta(days=1), days=1) == {"stew": START}
    assert found(session, menu, before=START, days=28) == {}
    assert found(session, menu, before=START + datetime.timedelta(days=14), days=1) == {
        "pie": START + datetime.timedelta(days=13)
    }
    assert found(session, menu, before=AFTER) == {"pie": START + datetime.timedelta(days=13), "stew": START}


def test_menus_that_are_not_finished_and_those_of_others_do_not_count(session: Session, serve: Serve) -> None:
    menu = serve({0: [("stew", {})]})
    serve({0: [("pie", {})]}, status="failed")
    serve({0: [("soup", {})]}, user=UserFactory())
    assert set(found(session, menu)) == {"stew"}


def test_the_latest_meal_of_a_dish_counts(session: Session, serve: Serve) -> None:
    menu = serve({0: [("stew", {})], 3: [("stew", {})]})
    assert found(session, menu) == {"stew": START + datetime.timedelta(days=3)}


def test_the_history_is_read_a_week_at_a_time(session: Session, serve: Serve) -> None:
    """The latest day first, and where to go on is the last day that has anything."""
    menu = serve({0: [("stew", {"eaten_at": NOON}), ("pie", {"skipped": "shared"})], 6: [("soup", {})]})
    long_ago = datetime.date(2026, 3, 1)
    serve({0: [("roast", {})]}, start_date=long_ago, days=1)
    page = history(session, menu.user_id, until=START + datetime.timedelta(days=6))
    assert [meal.title for meal in page.meals] == ["Soup", "Stew", "Pie"]
    assert [meal.eaten_on for meal in page.meals] == [None, START, None]
    assert [meal.skipped for meal in page.meals] == [False, False, True]
    assert page.earlier == long_ago
    older = history(session, menu.user_id, until=page.earlier)
    assert ([meal.title for meal in older.meals], older.earlier) == (["Roast"], None)


def test_a_menu_that_goes_on_after_the_page_is_read_to_its_last_day(session: Session, serve: Serve) -> None:
    """What comes later than asked for is not shown."""
    menu = serve({0: [("stew", {})], 6: [("soup", {})]})
    page = history(session, menu.user_id, until=START)
    assert ([meal.title for meal in page.meals], page.earlier) == (["Stew"], None)
    assert history(session, uuid.uuid4(), until=START).meals == []

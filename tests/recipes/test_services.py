"""Storing dishes, rating them, and deleting one's own."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mealplanner.errors import NotFound
from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.menu import services as menus
from mealplanner.menu.generation import proposals
from mealplanner.menu.models import Meal, Proposal
from mealplanner.planner.model import Ingredient
from mealplanner.planner.model import Recipe as Dish
from mealplanner.recipes import queries, services
from mealplanner.recipes.assembly import dishes, planner_dishes, recipe_value
from mealplanner.recipes.models import Rating, RecipeIngredient
from mealplanner.recipes.models import Recipe as Row
from mealplanner.recipes.rows import recipe_rows
from mealplanner.recipes.values import RecipeValue
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session
from tests.rows import add_user

DISH = replace(load_catalogue().recipes[0], slug="own-soup", title="A soup of one's own")


@pytest.fixture
def owner(session: Session) -> uuid.UUID:
    """A person with dishes."""
    return add_user(session, "owner@example.org").id


@pytest.fixture
def other(session: Session) -> uuid.UUID:
    """Another person."""
    return add_user(session, "other@example.org").id


def serve(session: Session, user_id: uuid.UUID, dish_id: uuid.UUID) -> uuid.UUID:
    """Put a dish on a finished menu of a person; return the menu's id."""
    with use_session(session):
        menu = MenuFactory(user_id=user_id, status="ready", days=1)
    numbers = {"kcal": 1.0, "protein_g": 1.0, "carbohydrate_g": 1.0, "fat_g": 1.0}
    place = {"menu_id": menu.id, "recipe_id": dish_id, "day": 0, "position": 0, "slot": "lunch"}
    session.add(Meal(**place, **numbers, time=datetime.time(12), portion=1, servings=1))
    session.flush()
    menu_id: uuid.UUID = menu.id
    return menu_id


def own_dishes(session: Session, user_id: uuid.UUID) -> list[Dish]:
    """Return the person's own dishes that may be planned."""
    return list(planner_dishes(queries.planned_recipes(session, user_id)).values())


def read(session: Session, user_id: uuid.UUID, dish_id: uuid.UUID) -> RecipeValue:
    """Return what the person sees of a dish."""
    return recipe_value(queries.recipe(session, user_id, dish_id))


def test_an_own_dish_comes_back_as_the_planner_sees_it(session: Session, owner: uuid.UUID) -> None:
    """Every field, to the last gram, so that its id is the same again."""
    uneven = replace(DISH, ingredients=(Ingredient(food_id="rolled-oats", grams=62.123456789), *DISH.ingredients))
    services.store(session, recipe_rows([uneven], owner_id=owner))
    session.expire_all()
    assert own_dishes(session, owner) == [uneven]


def test_equal_dishes_of_two_people_are_two_dishes(session: Session, owner: uuid.UUID, other: uuid.UUID) -> None:
    """Neither sees the other's, and the catalogue has neither."""
    ids = [recipe_id(DISH, owner), recipe_id(DISH, other)]
    assert len({*ids, recipe_id(DISH)}) == 3
    for user_id in (owner, other):
        services.store(session, recipe_rows([DISH], owner_id=user_id))
    assert set(session.scalars(select(Row.id))) == set(ids)
    assert read(session, owner, ids[0]).title == DISH.title
    for act in (
        lambda: read(session, owner, ids[1]),
        lambda: services.rate(session, owner, ids[1], value=1),
        lambda: services.delete(session, owner, ids[1]),
    ):
        with pytest.raises(NotFound):
            act()
    assert [dish.slug for dish in own_dishes(session, other)] == [DISH.slug]


def test_storing_again_changes_nothing(session: Session, owner: uuid.UUID) -> None:
    """Neither the dish nor its ingredients, though it was deleted in between."""
    services.store(session, recipe_rows([], owner_id=owner))
    for owner_id in (owner, None):
        for _ in range(2):
            services.store(session, recipe_rows([DISH], owner_id=owner_id))
    assert len(session.scalars(select(RecipeIngredient)).all()) == 2 * len(DISH.ingredients)
    serve(session, owner, recipe_id(DISH, owner))
    services.delete(session, owner, recipe_id(DISH, owner))
    services.store(session, recipe_rows([DISH], owner_id=owner))
    assert own_dishes(session, owner) == []


def test_a_dish_that_was_deleted_meanwhile_is_stored_for_the_menu_alone(session: Session, owner: uuid.UUID) -> None:
    """A menu that was being planned with it does not bring it back."""
    services.store(session, recipe_rows([DISH], owner_id=owner))
    services.delete(session, owner, recipe_id(DISH, owner))
    services.store(session, recipe_rows([DISH], owner_id=owner, retired=True))
    assert read(session, owner, recipe_id(DISH, owner)).retired
    assert own_dishes(session, owner) == []


def test_a_deleted_dish_is_gone_with_its_rating(session: Session, owner: uuid.UUID) -> None:
    """If no menu serves it, nothing is left of it."""
    services.store(session, recipe_rows([DISH], owner_id=owner))
    services.rate(session, owner, recipe_id(DISH, owner), value=1)
    services.delete(session, owner, recipe_id(DISH, owner))
    assert [session.scalars(select(model)).all() for model in (Row, RecipeIngredient, Rating)] == [[], [], []]
    with pytest.raises(NotFound):
        services.delete(session, owner, recipe_id(DISH, owner))


def test_a_deleted_dish_stays_for_the_menu_that_serves_it(session: Session, owner: uuid.UUID) -> None:
    """It is shown there, but not planned, listed or rated, and it goes with the last such menu."""
    dish_id = recipe_id(DISH, owner)
    services.store(session, recipe_rows([DISH], owner_id=owner))
    first, last = serve(session, owner, dish_id), serve(session, owner, dish_id)
    services.delete(session, owner, dish_id)
    assert read(session, owner, dish_id).retired
    assert own_dishes(session, owner) == []
    assert queries.dishes(session, owner).own == []
    assert [recipe_value(row).retired for row in queries.own_recipes(session, owner).items] == [True]
    with pytest.raises(NotFound):
        services.rate(session, owner, dish_id, value=1)
    menus.delete(session, owner, first)
    assert session.scalars(select(Row.id)).all() == [dish_id]
    menus.delete(session, owner, last)
    assert session.scalars(select(Row.id)).all() == []


def test_a_deleted_dish_is_not_asked_for_again(session: Session, owner: uuid.UUID) -> None:
    """The menu that it was written for remembers that it was written."""
    dish_id = recipe_id(DISH, owner)
    services.store(session, recipe_rows([DISH], owner_id=owner))
    menu = MenuFactory(user_id=owner, status="running")
    names = {"kind": "main", "title": DISH.title, "cuisine": DISH.cuisine, "main_protein": DISH.main_protein}
    session.add(Proposal(menu_id=menu.id, position=0, recipe_id=dish_id, **names))
    session.flush()
    services.delete(session, owner, dish_id)
    assert not proposals.of_menu(session, menu.id)[0].open
    assert own_dishes(session, owner) == []
    menus.delete(session, owner, serve(session, owner, dish_id))
    assert session.scalars(select(Row.id)).all() == [dish_id]
    menus.delete(session, owner, menu.id)
    assert session.scalars(select(Row.id)).all() == []


def test_deleting_a_menu_leaves_the_dishes_that_are_kept(session: Session, owner: uuid.UUID) -> None:
    """They are the person's own, whether a menu serves them or not."""
    services.store(session, recipe_rows([DISH], owner_id=owner))
    menus.delete(session, owner, serve(session, owner, recipe_id(DISH, owner)))
    assert own_dishes(session, owner) == [DISH]


def test_a_rating_is_changed_and_taken_back(session: Session, owner: uuid.UUID, other: uuid.UUID) -> None:
    """It is each person's own, and zero means none."""
    services.store(session, recipe_rows([DISH]))
    for value in (1, -1, -1):
        services.rate(session, owner, recipe_id(DISH), value=value)
        assert queries.ratings(session, owner) == {DISH.slug: value}
        assert read(session, owner, recipe_id(DISH)).rating == value
    assert queries.ratings(session, other) == {}
    assert read(session, other, recipe_id(DISH)).rating == 0
    for _ in range(2):
        services.rate(session, owner, recipe_id(DISH), value=0)
        assert queries.ratings(session, owner) == {}


def test_a_rating_outlives_a_change_of_the_dish(session: Session, owner: uuid.UUID) -> None:
    """A dish that the catalogue corrects is another recipe with the same rating, and is listed once."""
    present = load_catalogue().recipes[0]
    mended = replace(present, minutes=present.minutes + 1)
    services.store(session, recipe_rows([present, mended, replace(present, minutes=present.minutes + 2)]))
    services.rate(session, owner, recipe_id(mended), value=-1)
    assert read(session, owner, recipe_id(present)).rating == -1
    (listed,) = dishes(queries.dishes(session, owner)).rated
    assert (listed.recipe.id, listed.rating) == (recipe_id(present), -1)


def test_a_dish_that_is_deleted_while_a_menu_takes_it_is_there_for_the_menu(database: Database, engine: Engine) -> None:
    """Whichever comes first: the meal is stored, and the dish is not planned again."""
    user_id = database.run(lambda session: add_user(session).id)
    dish_id = recipe_id(DISH, user_id)
    database.run(lambda session: services.store(session, recipe_rows([DISH], owner_id=user_id)))
    both = Barrier(2)

    def at_once(work: Callable[[Session], Any]) -> Thread:
        def run() -> None:
            both.wait()
            database.run(work)

        thread = Thread(target=run)
        thread.start()
        return thread

    def take(session: Session) -> None:
        services.store(session, recipe_rows([DISH], owner_id=user_id, retired=True))
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT id FROM recipes FOR UPDATE SKIP LOCKED")).all() == []
        serve(session, user_id, dish_id)

    for thread in (at_once(take), at_once(lambda session: services.delete(session, user_id, dish_id))):
        thread.join()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT retired_at IS NOT NULL FROM recipes")) is True
        assert connection.scalar(text("SELECT count(*) FROM meals")) == 1
        assert connection.scalar(text("SELECT count(*) FROM recipe_ingredients")) == len(DISH.ingredients)

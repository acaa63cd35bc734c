"""Menus of a person's own dishes, and the ratings that decide which are served."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import load_catalogue, recipe_id
from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.planner.model import BREAKFAST
from mealplanner.recipes import services as recipes
from mealplanner.recipes.rows import recipe_rows
from mealplanner.storage.database import Database
from tests.factories import MenuFactory, use_session
from tests.rows import add_user

BREAKFASTS = [dish for dish in load_catalogue().recipes if BREAKFAST in dish.kinds]
OWN = tuple(
    replace(dish, slug=f"own-{dish.slug}", title=f"My {dish.title}", kinds=frozenset({BREAKFAST}))
    for dish in BREAKFASTS[:4]
)


@pytest.fixture
def user_id(database: Database) -> uuid.UUID:
    """Store a person who wants none of the catalogue's breakfasts and has four of their own; return the id."""

    def prepare(session: Session) -> uuid.UUID:
        person = add_user(session).id
        recipes.store(session, recipe_rows(BREAKFASTS))
        recipes.store(session, recipe_rows(OWN, owner_id=person))
        for dish in BREAKFASTS:
            recipes.rate(session, person, recipe_id(dish), value=-1)
        return person

    return database.run(prepare)


@pytest.fixture
def breakfasts(engine: Engine) -> Callable[[], list[Any]]:
    """Return slug and owner of what the finished menus serve for breakfast."""
    query = """
        SELECT recipes.slug, recipes.owner_id FROM meals JOIN menus ON menus.id = menu_id
        JOIN recipes ON recipes.id = recipe_id WHERE meals.slot = 'breakfast' AND menus.status = 'ready'
    """

    def ask() -> list[Any]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    return ask


def make(database: Database, user_id: uuid.UUID, look: Callable[[], None] = lambda: None, **changes: Any) -> None:
    """Make a menu as a worker would; `look` runs while it is planned."""

    def ask(session: Session) -> str:
        with use_session(session):
            return str(MenuFactory(user_id=user_id, days=2, **changes).id)

    menu_id = database.run(ask)
    generate(JobContext(database=database, interruption=look), menu_id=menu_id)


def test_own_dishes_are_served_and_those_rated_never_again_are_not(
    database: Database, user_id: uuid.UUID, breakfasts: Callable[[], list[Any]]
) -> None:
    """What was written once is used again without a model."""
    make(database, user_id)
    served = breakfasts()
    assert len(served) == 2
    assert {slug for slug, _ in served} <= {dish.slug for dish in OWN}
    assert {owner_id for _, owner_id in served} == {user_id}


def test_a_person_is_not_served_the_dishes_of_another(
    database: Database, user_id: uuid.UUID, breakfasts: Callable[[], list[Any]]
) -> None:
    """Nor do the other's ratings count."""
    other = database.run(lambda session: add_user(session, "other@example.org").id)
    assert other != user_id
    make(database, other)
    assert {slug for slug, _ in breakfasts()} <= {dish.slug for dish in BREAKFASTS}
    assert {owner_id for _, owner_id in breakfasts()} == {None}


def test_a_menu_from_the_catalogue_serves_no_own_dishes(database: Database, engine: Engine, user_id: uuid.UUID) -> None:
    """If nothing else fits, the message says so, and a remedy says what stands in the way."""
    make(database, user_id, source="catalogue")
    with engine.connect() as connection:
        ((status, message, remedies),) = connection.execute(text("SELECT status, message, remedies FROM menus"))
    assert (status, "breakfasts" in message) == ("failed", True)
    assert "ratings" in str(remedies)


def test_a_dish_deleted_while_it_is_planned_is_served_this_once(
    database: Database, engine: Engine, user_id: uuid.UUID, breakfasts: Callable[[], list[Any]]
) -> None:
    """The menu is finished with it, and later menus do not serve it."""

    def change_mind() -> None:
        with engine.connect() as connection:
            kept = connection.scalar(text("SELECT count(*) FROM recipes WHERE owner_id IS NOT NULL"))
        for dish in OWN if kept else ():
            database.run(lambda session, dish=dish: recipes.delete(session, user_id, recipe_id(dish, user_id)))

    make(database, user_id, change_mind)
    assert {slug for slug, _ in breakfasts()} <= {dish.slug for dish in OWN}
    with engine.connect() as connection:
        query = "SELECT bool_and(retired_at IS NOT NULL), count(*) FROM recipes WHERE owner_id IS NOT NULL"
        ((retired, left),) = connection.execute(text(query))
    assert retired
    assert left == len({slug for slug, _ in breakfasts()})

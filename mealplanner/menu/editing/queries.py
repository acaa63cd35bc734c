"""Reading menus to edit them, and what was edited. A menu of another person is treated as nonexistent."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, Select, select, true
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.errors import NotFound
from mealplanner.food.catalogue import recipes_by_id
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import MenuRows
from mealplanner.menu.editing.errors import MenuNotReady
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.editing.values import Dishes, Eater, Edit, Journal, Kitchen, OpenMenu, PlacedMeal, Step
from mealplanner.menu.generation.inputs import inputs_of
from mealplanner.menu.models import Meal, Menu
from mealplanner.menu.notices import Advice
from mealplanner.menu.planned_days.ownership import ELSEWHERE
from mealplanner.paging import part_of
from mealplanner.preferences import services as preferences
from mealplanner.preferences.values import Preferences
from mealplanner.recipes import queries as recipes
from mealplanner.recipes.assembly import RecipeRow, planner_dishes
from mealplanner.recipes.models import Recipe
from mealplanner.recipes.values import Numbers

_MENU = (
    Menu.id, Menu.user_id, Menu.version, Menu.undoable, Menu.redoable, Menu.start_date, Menu.days, Menu.warnings,
    Menu.advice, Menu.remedies, Menu.as_planned,
    Menu.status, Menu.source, Menu.seed, Menu.targets, Menu.preferences, ELSEWHERE,
    select(User.skip_energy).where(User.id == Menu.user_id).scalar_subquery().label("skip_energy"),
)  # fmt: skip
_MEAL = (
    Meal.id, Meal.changed_in, Meal.day, Meal.position, Meal.slot, Meal.time, Meal.recipe_id, Recipe.title, Meal.portion,
    Meal.servings, Meal.kcal, Meal.protein_g, Meal.carbohydrate_g, Meal.fat_g, Meal.locked, Meal.note, Meal.skipped,
    Meal.eaten_at, Meal.cooked_at,
)  # fmt: skip
_EDIT = (
    MenuEdit.version, MenuEdit.what, MenuEdit.before, MenuEdit.after, MenuEdit.made_at, MenuEdit.undoes,
    MenuEdit.redoes,
)  # fmt: skip

PAGE: Final = 50
"""Edits in a part of the journal."""

AnyRow = Row[*tuple[Any, ...]]


def locked_menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> OpenMenu:
    """Return a finished menu with its row locked, so that edits of it follow one another.

    Raise `NotFound`, and `MenuNotReady` for a menu without meals.
    """
    return _opened(session, _finished(session, _one(user_id, menu_id).with_for_update(key_share=True)))


def open_menu(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID) -> OpenMenu:
    """Return a finished menu as it is. Raise like `locked_menu`."""
    return _opened(session, _finished(session, _one(user_id, menu_id)))


def skip_energy(session: Session, user_id: uuid.UUID) -> str | None:
    """Return what the person chose last for the energy of a meal they skip; None when they were never asked."""
    return session.scalar(select(User.skip_energy).where(User.id == user_id))


def kitchen(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, today: datetime.date | None = None) -> Kitchen:
    """Return a finished menu with all that bears on what could be served instead. Raise like `locked_menu`."""
    row = _finished(session, _one(user_id, menu_id))
    menu = _opened(session, row)
    present = preferences.get(session, user_id).preferences
    dishes = recipes.planned_or_these(session, user_id, {meal.recipe_id for meal in menu.meals.values()})
    return Kitchen(
        menu=menu,
        targets=row.targets,
        made_for=Preferences(**row.preferences),
        inputs=inputs_of(session, user_id, menu=row, preferences=present),
        own=[row for row in dishes if row.owner_id is not None and row.retired_at is None],
        dishes=dishes,
        skip_energy=row.skip_energy,
        today=today,
    )


def eater(session: Session, user_id: uuid.UUID) -> Eater:
    """Return what decides which dishes a person may be served, as it is now."""
    return Eater(
        preferences=preferences.get(session, user_id).preferences, ratings=recipes.ratings(session, user_id)
    )  # fmt: skip


def dishes(session: Session, user_id: uuid.UUID, *, ids: Iterable[uuid.UUID]) -> Dishes:
    """Return the dishes with `ids` that are in the catalogue, or stored and not another person's."""
    known, wanted = recipes_by_id(), set(ids)
    rows = _recipe_rows(session, user_id, wanted - known.keys())
    found = {**{id_: known[id_] for id_ in wanted & known.keys()}, **planner_dishes(rows)}
    return Dishes(known=found, deleted=frozenset(row.id for row in rows if row.retired_at is not None))


def day_of(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, meal_id: uuid.UUID) -> MenuRows:
    """Return a menu with the meals of one day alone, that of a meal. Raise `NotFound` for a meal of another menu."""
    found = menus.menu(session, user_id, menu_id)
    this_day = {row.day for row in found.meals if row.id == meal_id}
    if not this_day:
        raise NotFound
    return replace(found, meals=[row for row in found.meals if row.day in this_day])


def journal(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, before: int | None = None) -> Journal:
    """Return a menu and its edits, the newest first, from the one before version `before`. Raise `NotFound`."""
    summary = menus.summary(session, user_id, menu_id)
    earlier = true() if before is None else MenuEdit.version < before
    newest_first = _edits(menu_id).where(earlier).order_by(MenuEdit.version.desc()).limit(PAGE + 1)
    part = part_of([Edit(**row._mapping) for row in session.execute(newest_first)], PAGE, lambda edit: (edit.version,))
    versions = {named for edit in part.items for named in (edit.undoes, edit.redoes) if named is not None}
    named = session.execute(_edits(menu_id).where(MenuEdit.version.in_(versions))) if versions else ()
    return Journal(
        summary=summary,
        edits=part,
        named=[Edit(**row._mapping) for row in named],
        steps=steps(session, menu_id) if part.items else (),
    )


def steps(session: Session, menu_id: uuid.UUID) -> Sequence[Step]:
    """Return the journal of a menu without what its edits changed, in order."""
    columns = (MenuEdit.version, MenuEdit.undoes, MenuEdit.redoes)
    found = session.execute(select(*columns).where(MenuEdit.menu_id == menu_id).order_by(MenuEdit.version))
    return [Step(**row._mapping) for row in found]


def edit(session: Session, menu_id: uuid.UUID, *, version: int) -> Edit:
    """Return the edit that made `version` of a menu."""
    found = select(*_EDIT).where(MenuEdit.menu_id == menu_id, MenuEdit.version == version)
    return Edit(**session.execute(found).one()._mapping)


def all_edits(
    session: Session, user_id: uuid.UUID, menu_ids: Sequence[uuid.UUID] | None = None
) -> Sequence[tuple[uuid.UUID, Edit]]:
    """Return the edits of these menus of the person, or of all, with the id of the menu, in the order of time."""
    query = (
        select(*_EDIT, MenuEdit.menu_id)
        .join(Menu, Menu.id == MenuEdit.menu_id)
        .where(Menu.user_id == user_id, true() if menu_ids is None else Menu.id.in_(menu_ids))
        .order_by(MenuEdit.made_at, MenuEdit.menu_id, MenuEdit.version)
    )
    return [(menu_id, Edit(**dict(zip(_NAMES, fields, strict=True)))) for *fields, menu_id in session.execute(query)]


_NAMES = tuple(column.key for column in _EDIT)


def _edits(menu_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return select(*_EDIT).where(MenuEdit.menu_id == menu_id)


def _one(user_id: uuid.UUID, menu_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return select(*_MENU).where(Menu.id == menu_id, Menu.user_id == user_id)


def _finished(session: Session, query: Select[*tuple[Any, ...]]) -> AnyRow:
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    if row.status != "ready":
        raise MenuNotReady
    return row


def _opened(session: Session, row: AnyRow) -> OpenMenu:
    meals = select(*_MEAL).join(Recipe, Recipe.id == Meal.recipe_id).where(Meal.menu_id == row.id)
    return OpenMenu(
        id=row.id,
        user_id=row.user_id,
        version=row.version,
        undoable=row.undoable,
        redoable=row.redoable,
        start_date=row.start_date,
        days=row.days,
        warnings=tuple(row.warnings),
        advice=Advice(
            sentences=row.advice, remedies=[remedy["text"] for remedy in row.remedies], as_planned=row.as_planned
        ),
        targets=Numbers(**row.targets),
        elsewhere=frozenset(map(int, row.elsewhere or ())),
        meals={
            meal.id: PlacedMeal(**{**meal._mapping, "portion": float(meal.portion)})
            for meal in session.execute(meals.order_by(Meal.day, Meal.position))
        },
    )


def _recipe_rows(session: Session, user_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> Sequence[RecipeRow]:
    wanted = list(ids)
    return recipes.visible_recipes(session, user_id, wanted) if wanted else ()

"""Editing menus: every edit goes through `_store`, which checks, proves, writes the meals and keeps the journal.

The row of the menu is locked for the few milliseconds of an edit, so that edits follow one another. What takes longer,
such as choosing a dish, is done before, with no transaction open.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from mealplanner.auth.models import User
from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.menu.editing import cooking, decisions, queries
from mealplanner.menu.editing.decisions import Decision, Serving
from mealplanner.menu.editing.errors import (
    DayOver,
    MealLocked,
    NothingToRedo,
    NothingToUndo,
    StaleMeal,
    StaleMenu,
    UndoingEnds,
)
from mealplanner.menu.editing.journal import CHANGEABLE, changed_fields, entry, next_steps, restored
from mealplanner.menu.editing.models import MenuEdit
from mealplanner.menu.editing.proof import prove
from mealplanner.menu.editing.rules import (
    Pair,
    begun_too_late,
    changes_the_table,
    meets_targets,
    require_allowed,
    serves,
)
from mealplanner.menu.editing.values import Moment, OpenMenu, PlacedMeal, Seen, Step, Stored
from mealplanner.menu.editing.wording import begun_late, named, sentence
from mealplanner.menu.models import Meal, Menu
from mealplanner.menu.notices import Served, dish_notices, restated
from mealplanner.recipes import services as recipes
from mealplanner.recipes.rows import recipe_rows

FORGET: Final = "forget"
"""The edit that forgets every tick; what was cooked stays out of the larder."""

_MEALS: Final = Meal.metadata.tables[Meal.__tablename__]
_WRITE: Final = (
    update(_MEALS)
    .where(_MEALS.c.id == bindparam("meal_id"))
    .values({name: bindparam(name) for name in (*CHANGEABLE, "changed_in") if name != "title"})
)


def edit_meal(session: Session, seen: Seen, *, what: str, decide: Decision, moment: Moment) -> Stored:
    """Make one edit of a meal, by what `decide` makes of the menu; an edit that changes nothing is not stored.

    Raise `NotFound`, `StaleMeal` when the meal was changed after it was seen, and what the edit is refused for.
    """
    menu = queries.locked_menu(session, seen.user_id, seen.menu_id)
    meal = menu.meal(seen.meal_id)
    menu.require_known(seen.version)
    changes = _changes(menu, decide(menu, meal))
    if not changes:
        return Stored(version=menu.version, date=menu.date_of(meal))
    if meal.changed_in > seen.version:
        raise StaleMeal(named(menu, meal))
    return _store(session, menu, changes, what=what, moment=moment)


def skip(session: Session, seen: Seen, *, energy: str, others: Mapping[uuid.UUID, Serving], moment: Moment) -> Stored:
    """Skip a meal, and remember what was chosen for its energy. Raise like `edit_meal`."""
    stored = edit_meal(
        session, seen, what="skip", decide=partial(decisions.skip, energy=energy, others=others), moment=moment
    )
    changed = (User.id == seen.user_id, User.skip_energy.is_distinct_from(energy))
    session.execute(update(User).where(*changed).values(skip_energy=energy))
    return stored


def replace_meals(
    session: Session,
    user_id: uuid.UUID,
    menu_id: uuid.UUID,
    *,
    version: int,
    what: str,
    servings: Mapping[uuid.UUID, Serving],
    moment: Moment,
) -> Stored:
    """Serve others in place of many meals at once, if the menu is still at `version`. Raise `StaleMenu` if not.

    Raise `Refused`, `MealLocked` or `MealEaten` when a meal among them must stay as it is.
    """
    menu = queries.locked_menu(session, user_id, menu_id)
    if menu.version != version:
        raise StaleMenu
    meals = [menu.meal(meal_id) for meal_id in servings]
    changes = _changes(menu, [one for meal in meals for one in decisions.swap(menu, meal, serving=servings[meal.id])])
    if kept := next((before for before, _ in changes if before.locked), None):
        raise MealLocked(named(menu, kept))
    if not changes:
        return Stored(version=menu.version, date=moment.today)
    return _store(session, menu, changes, what=what, moment=moment)


def undo(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, version: int | None, moment: Moment) -> Stored:
    """Take back the latest edit that is not undone. Raise `NothingToUndo`, and `UndoingEnds` when its day is over.

    An edit that the person has not seen is not taken back: raise `StaleMenu` when `version` is not the newest, unless
    all that happened since is the same step. None stands for the newest version.
    """
    menu = queries.locked_menu(session, user_id, menu_id)
    steps = queries.steps(session, menu_id)
    if _repeated(menu, version, steps[-1].undoes if steps else None):
        return Stored(version=menu.version, date=moment.today)
    if menu.undoable is None:
        raise NothingToUndo
    edit = queries.edit(session, menu_id, version=menu.undoable)
    step = Step(version=menu.version + 1, undoes=edit.version, redoes=None)
    changes = _changes(menu, restored(menu, edit.before))
    with _saying_where_it_ends("undo"):
        stored = _store(session, menu, changes, what="undo", moment=moment, journal=(*steps, step))
    return replace(
        stored,
        way_back="redo",
        text=f"Undone: {sentence(edit.what, edit.before, edit.after, menu.start_date)} {stored.text}".rstrip(),
    )


def redo(session: Session, user_id: uuid.UUID, menu_id: uuid.UUID, *, version: int | None, moment: Moment) -> Stored:
    """Make the edit again that was undone last. Raise `NothingToRedo`, and otherwise like `undo`."""
    menu = queries.locked_menu(session, user_id, menu_id)
    steps = queries.steps(session, menu_id)
    if _repeated(menu, version, steps[-1].redoes if steps else None):
        return Stored(version=menu.version, date=moment.today)
    if menu.redoable is None:
        raise NothingToRedo
    edit = queries.edit(session, menu_id, version=menu.redoable)
    step = Step(version=menu.version + 1, undoes=None, redoes=edit.version)
    changes = _changes(menu, restored(menu, edit.after))
    with _saying_where_it_ends("redo"):
        stored = _store(session, menu, changes, what="redo", moment=moment, journal=(*steps, step))
    text = f"Redone: {sentence(edit.what, edit.before, edit.after, menu.start_date)} {stored.text}"
    return replace(stored, text=text.rstrip())


@contextmanager
def _saying_where_it_ends(what: str) -> Iterator[None]:
    try:
        yield
    except DayOver as over:
        raise UndoingEnds(over.date, what) from None


def _repeated(menu: OpenMenu, version: int | None, latest: int | None) -> bool:
    """Whether a step back or forth was sent twice; `latest` is what the newest entry undoes or redoes likewise."""
    if version is None or version == menu.version:
        return False
    menu.require_known(version)
    if version == menu.version - 1 and latest is not None:
        return True
    raise StaleMenu


def _changes(menu: OpenMenu, after: Iterable[PlacedMeal]) -> list[Pair]:
    pairs = ((menu.meals[meal.id], meal) for meal in after)
    return [pair for pair in pairs if changed_fields(*pair)]


def _store(
    session: Session,
    menu: OpenMenu,
    changes: Sequence[Pair],
    *,
    what: str,
    moment: Moment,
    journal: Sequence[Step] | None = None,
) -> Stored:
    """Store `changes` as the menu's next version; `journal` ends with this edit where it undoes or redoes another."""
    require_allowed(menu, changes, today=moment.today)
    warnings, late = list(menu.warnings), list[str]()
    if any(map(changes_the_table, changes)):
        warnings, late = _serve(session, menu, changes, today=moment.today)
    version, (before, after) = menu.version + 1, entry(changes)
    step = journal[-1] if journal else Step(version=version, undoes=None, redoes=None)
    undoable, redoable = next_steps(journal or (step,))
    kept = {"menu_id": menu.id, "what": what, "before": before, "after": after, "made_at": moment.now}
    session.execute(insert(MenuEdit).values(**kept, **asdict(step)))
    session.execute(_WRITE, [_row(meal, version) for _, meal in changes])
    if what != FORGET:
        cooking.stock(session, menu.user_id, changes)
    state = {"version": version, "undoable": undoable, "redoable": redoable, "warnings": warnings}
    session.execute(update(Menu).where(Menu.id == menu.id).values(state))
    told = [] if journal else [sentence(what, before, after, menu.start_date)]
    return Stored(version=version, date=menu.date_of(changes[0][1]), text=" ".join((*told, *late)), way_back="undo")


def _serve(
    session: Session, menu: OpenMenu, changes: Sequence[Pair], *, today: datetime.date
) -> tuple[list[str], list[str]]:
    """Prove what `changes` serve, and store the dishes that no menu served before.

    Return what the menu says then, and a sentence for each dish that can't be begun in time any more.
    """
    foods, eater = load_catalogue().foods, queries.eater(session, menu.user_id)
    tables = [menu.meals, {**menu.meals, **{meal.id: meal for _, meal in changes}}]
    ids = [{meal.recipe_id for meal in table.values()} for table in tables]
    dishes = queries.dishes(session, menu.user_id, ids=ids[0] | ids[1])
    prove([change for change in changes if serves(change)], dishes, eater, foods)
    new = {after.recipe_id for before, after in changes if after.recipe_id != before.recipe_id}
    recipes.store(session, recipe_rows(dishes.known[id_] for id_ in new & recipes_by_id().keys()))
    before, after = (dish_notices([dishes.known[id_] for id_ in one], eater.preferences, foods) for one in ids)
    on_target = meets_targets(tables[1].values(), menu.targets)
    holding = menu.advice.holding(_served(tables[1].values()), on_target=on_target)
    said = restated(menu.warnings, advice=menu.advice.sentences, holding=holding, before=before, after=after)
    return said, begun_late(menu, begun_too_late(menu, changes, dishes.known, today=today))


def _served(table: Iterable[PlacedMeal]) -> Iterator[Served]:
    """Yield what is served at the places of a menu."""
    for meal in table:
        if meal.skipped is None:
            yield Served(meal.day, meal.position, meal.recipe_id, meal.portion)


def _row(meal: PlacedMeal, version: int) -> Mapping[str, Any]:
    fields = {name: getattr(meal, name) for name in CHANGEABLE if name != "title"}
    return {**fields, "meal_id": meal.id, "changed_in": version}

"""Two hundred edits at random, all of them undone and made again: what must hold does hold after each."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest
from sqlalchemy import select

from mealplanner.db import UnitOfWorkSession
from mealplanner.errors import DomainError
from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.food.match import read_dislikes
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import menu_value
from mealplanner.menu.editing import decisions, offers, queries, services
from mealplanner.menu.editing.values import OpenMenu, PlacedMeal, Seen, Stored
from mealplanner.menu.models import Menu
from mealplanner.planner.model import FIGURES
from mealplanner.planner.nutrition import nutrients
from mealplanner.planner.restrictions import meal_refusal
from mealplanner.preferences import services as preferences
from tests.factories import UserFactory
from tests.menu.editing.planned import NOON, PICKY, store_menu

EDITS = 200
CHANGING_DISHES = 12
"""How many swaps the planner finds; the others take any dish of the catalogue, allowed or not."""


class Editor:
    """A person who edits a menu at random."""

    def __init__(self, session: UnitOfWorkSession, seed: int) -> None:
        self.session, self.rng = session, random.Random(seed)
        self.user_id: uuid.UUID = UserFactory().id
        preferences.save(session, self.user_id, preferences=PICKY, version=0)
        self.menu_id = store_menu(session, self.user_id, picky=True)
        self.planned_swaps = 0

    @property
    def menu(self) -> OpenMenu:
        """The menu as it is stored."""
        return queries.open_menu(self.session, self.user_id, self.menu_id)

    def edit(self) -> Stored:
        """Make one edit. Raise `DomainError` for one that is refused."""
        menu = self.menu
        meal = self.rng.choice(list(menu.meals.values()))
        seen = Seen(user_id=self.user_id, menu_id=self.menu_id, meal_id=meal.id, version=menu.version)
        what = self.rng.choice(
            ("swap", "move", "lock", "unlock", "portion", "skip", "unskip", "note", "eaten", "cooked")
        )
        decide = getattr(self, f"_{what}")(menu, meal)
        if what == "skip":
            return services.skip(self.session, seen, **decide, moment=NOON)
        return services.edit_meal(self.session, seen, what=what, decide=decide, moment=NOON)

    def _swap(self, _menu: OpenMenu, meal: PlacedMeal) -> decisions.Decision:
        if self.planned_swaps < CHANGING_DISHES:
            self.planned_swaps += 1
            board = offers.board(queries.kitchen(self.session, self.user_id, self.menu_id), meal.id)
            return partial(decisions.swap, serving=offers.choose(board, None, None, self.rng))
        id_, dish = self.rng.choice(list(recipes_by_id().items()))
        figures = nutrients(dish, load_catalogue().foods)
        serving = decisions.Serving(recipe_id=id_, title=dish.title, portion=1.0, nutrients=figures)
        return partial(decisions.swap, serving=serving)

    def _move(self, menu: OpenMenu, _meal: PlacedMeal) -> decisions.Decision:
        to = self.rng.choice(list(menu.meals.values()))
        return partial(decisions.move, date=menu.date_of(to), slot=to.slot, time=to.time)

    def _lock(self, *_: object) -> decisions.Decision:
        return partial(decisions.keep, locked=True)

    def _unlock(self, *_: object) -> decisions.Decision:
        return partial(decisions.keep, locked=False)

    def _portion(self, *_: object) -> decisions.Decision:
        return partial(decisions.resize, portion=self.rng.randint(1, 16) / 4, servings=self.rng.randint(1, 12))

    def _skip(self, _menu: OpenMenu, meal: PlacedMeal) -> dict[str, Any]:
        energy = self.rng.choice(("reserved", "shared"))
        return {"energy": energy, "others": self._portions(meal, skipped=energy)}

    def _unskip(self, _menu: OpenMenu, meal: PlacedMeal) -> decisions.Decision:
        return partial(decisions.unskip, others=self._portions(meal, skipped=None))

    def _note(self, *_: object) -> decisions.Decision:
        return partial(decisions.annotate, note=self.rng.choice((None, "for Ann", "\N{HEBREW LETTER ALEF}")))

    def _eaten(self, *_: object) -> decisions.Decision:
        return partial(decisions.eat, eaten=self.rng.random() < 0.3, now=NOON.now)

    def _cooked(self, *_: object) -> decisions.Decision:
        return partial(decisions.cook, cooked=self.rng.random() < 0.5, now=NOON.now)

    def _portions(self, meal: PlacedMeal, *, skipped: str | None) -> Any:
        kitchen = queries.kitchen(self.session, self.user_id, self.menu_id)
        return offers.portions(kitchen, meal.id, skipped=skipped)


def state(menu: OpenMenu) -> dict[uuid.UUID, PlacedMeal]:
    """Return what the meals are, whatever edit made them so."""
    return {id_: replace(meal, changed_in=0) for id_, meal in menu.meals.items()}


@cache
def suits(recipe_id: uuid.UUID) -> bool:
    """Whether a dish may be served, by the rules themselves and not by what checks edits."""
    foods, dish = load_catalogue().foods, recipes_by_id()[recipe_id]
    disliked = read_dislikes(PICKY.disliked_ingredients, foods).foods
    return (
        meal_refusal((dish,), foods, (PICKY.diet_type, *PICKY.dietary_restrictions)) is None
        and not disliked & {item.food_id for item in dish.ingredients}
        and dish.appliances <= set(PICKY.appliances)
    )


def require_invariants(editor: Editor, menu: OpenMenu) -> None:
    """Fail unless what holds for every menu holds for this one."""
    assert all(suits(meal.recipe_id) for meal in menu.meals.values())
    places = [(meal.day, meal.position, meal.slot) for meal in menu.meals.values()]
    assert len(set(places)) == len(places) == 3 * 5
    assert max(meal.changed_in for meal in menu.meals.values()) == menu.version
    shown = menu_value(menus.menu(editor.session, editor.user_id, editor.menu_id))
    for number, day in enumerate(shown.days):
        eaten = [meal for meal in menu.meals.values() if meal.day == number and meal.skipped != "shared"]
        for figure in FIGURES:
            assert getattr(day.totals, figure) == pytest.approx(sum(getattr(meal, figure) for meal in eaten))


def kept(menu: OpenMenu) -> dict[uuid.UUID, tuple[Any, ...]]:
    """Return the dish and place of every meal that is locked."""
    return {
        id_: (meal.recipe_id, meal.day, meal.position) for id_, meal in menu.meals.items() if meal.locked
    }  # fmt: skip


def test_edits_at_random_can_all_be_undone_and_made_again(session: UnitOfWorkSession) -> None:
    editor = Editor(session, seed=20261123)
    states, refused = [editor.menu], 0
    while len(states) <= EDITS:
        before = states[-1]
        try:
            stored = editor.edit()
        except DomainError:
            refused += 1
            assert editor.menu == before
            continue
        after = editor.menu
        if stored.version == before.version:
            assert after == before
            continue
        states.append(after)
        assert after.version == stored.version == before.version + 1
        assert kept(before).items() & kept(after).items() == {
            (id_, place) for id_, place in kept(before).items() if after.meals[id_].locked
        }
        require_invariants(editor, after)
    assert refused > EDITS / 10
    assert {edit.what for _, edit in queries.all_edits(session, editor.user_id)} == {
        "swap", "move", "lock", "unlock", "portion", "skip", "unskip", "note", "eaten", "cooked"
    }  # fmt: skip
    present = states[-1]
    for step, path in ((services.undo, states[-2::-1]), (services.redo, states[1:])):
        for expected in path:
            step(session, editor.user_id, editor.menu_id, version=present.version, moment=NOON)
            before, present = present, editor.menu
            assert state(present) == state(expected)
            assert present.version == before.version + 1
    assert session.scalar(select(Menu.version).where(Menu.id == editor.menu_id)) == 1 + 3 * EDITS

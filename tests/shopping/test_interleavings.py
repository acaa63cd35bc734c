"""Phones that tick while the menu changes: in whatever order it comes, nothing is lost and nothing counts twice."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select

from mealplanner.errors import DomainError
from mealplanner.food.catalogue import load_catalogue, recipes_by_id
from mealplanner.food.packs import to_buy
from mealplanner.menu import queries as menus
from mealplanner.menu.assembly import menu_value
from mealplanner.menu.editing import decisions
from mealplanner.menu.editing import queries as editing
from mealplanner.menu.editing import services as edits
from mealplanner.menu.editing.values import Seen
from mealplanner.models import Baseline, Menu, Tick, User
from mealplanner.planner.nutrition import nutrients
from mealplanner.shopping import queries, services
from mealplanner.shopping.assembly import Line, shopping_list
from mealplanner.shopping.values import Said, Span
from mealplanner.storage.database import Database
from tests.menu.editing.planned import MONDAY, NOON, store_menu
from tests.shopping.meals import day
from tests.visitor import Visitor
from tests.waiting import PATIENCE

ROUNDS = 1000
PHONES = 3
FOODS = ("onion", "garlic", "spinach", "rolled-oats")
DAYS = Span(MONDAY, day(2))


@dataclass
class Ledger:
    """What was sent, written down one by one as it was sent."""

    standing: dict[str, dict[uuid.UUID, Said]] = field(default_factory=lambda: defaultdict(dict))
    replaced: set[uuid.UUID] = field(default_factory=set)

    def write(self, said: Said) -> None:
        """Take note of a tick: it stands, and those that it replaces do not, whether they have come or not."""
        of_food = self.standing[str(said.subject)]
        self.replaced.update(said.replaces)
        of_food[said.id] = said
        for id_ in self.replaced & of_food.keys():
            del of_food[id_]

    def bought(self, food: str) -> float:
        """Return the grams that the list must show."""
        return max((said.grams or 0.0 for said in self.standing[food].values()), default=0.0)


@dataclass
class Phone:
    """Ticks what it sees. Without a connection it keeps its ticks, and sends them later, shuffled and some twice."""

    rng: random.Random
    seen: dict[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    waiting: list[Said] = field(default_factory=list)

    def say(self) -> None:
        """Tick a food, or take back what was ticked."""
        food, state = self.rng.choice(FOODS), self.rng.choice(("bought", "bought", "elsewhere", "later", "open"))
        grams = float(self.rng.randint(1, 20) * 50) if state in ("bought", "elsewhere") else None
        replaces = self.seen.get(food, ())
        said = Said(id=self.id(), subject=food, state=state, grams=grams, replaces=replaces)
        self.seen[food] = (said.id,)
        self.waiting.append(said)

    def id(self) -> uuid.UUID:
        """Return an id that the seed decides."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def look(self, shown: dict[str, Line]) -> None:
        """Open the list, unless there is no connection: ticks of others are seen, and one's own that wait are too."""
        if not self.waiting and self.rng.random() < 0.5:
            self.seen = {food: line.mark.ticks for food, line in shown.items()}

    def sent(self) -> list[Said]:
        """Return what is sent now: nothing while there is no connection."""
        if self.rng.random() < 0.4:
            return []
        sending = [*self.waiting, *self.rng.sample(self.waiting, len(self.waiting) // 2)]
        self.rng.shuffle(sending)
        self.waiting.clear()
        return sending


@dataclass
class Cook:
    """Changes the menu meanwhile, and changes it back."""

    rng: random.Random
    user_id: uuid.UUID
    menu_id: uuid.UUID

    def edit(self, session: Any) -> None:
        """Swap a dish, change for how many it is, undo, or do nothing for once."""
        if self.rng.random() < 0.5:
            return
        menu = editing.open_menu(session, self.user_id, self.menu_id)
        what = self.rng.choice(("swap", "portion", "undo"))
        if what == "undo":
            edits.undo(session, self.user_id, self.menu_id, version=menu.version, moment=NOON)
            return
        meal = self.rng.choice(list(menu.meals.values()))
        decide = partial(decisions.resize, servings=self.rng.randint(1, 8)) if what == "portion" else self._swap()
        seen = Seen(user_id=self.user_id, menu_id=self.menu_id, meal_id=meal.id, version=menu.version)
        edits.edit_meal(session, seen, what=what, decide=decide, moment=NOON)

    def _swap(self) -> decisions.Decision:
        id_, dish = self.rng.choice(list(recipes_by_id().items()))
        figures = nutrients(dish, load_catalogue().foods)
        serving = decisions.Serving(recipe_id=id_, title=dish.title, portion=1.0, nutrients=figures)
        return partial(decisions.swap, serving=serving)


def lines(session: Any, user_id: uuid.UUID) -> dict[str, Line]:
    """Return the list as it is shown."""
    return {line.food.id: line for line in shopping_list(queries.list_rows(session, user_id, DAYS)).lines}


def required(session: Any, user_id: uuid.UUID, menu_id: uuid.UUID) -> dict[str, float]:
    """Return the grams of what must be on the list, from the ingredients that the menu's page shows."""
    total: dict[str, float] = defaultdict(float)
    for one in menu_value(menus.menu(session, user_id, menu_id, foods=True), ingredients=True).days:
        for meal in one.meals:
            for ingredient in meal.ingredients:
                total[ingredient.food] += ingredient.grams
    return {item.food.id: item.grams for item in to_buy(total)}


@pytest.fixture
def at_once() -> Iterator[Callable[..., None]]:
    """Return a function that runs others at once, each in a thread and on a connection of its own."""
    barrier = Barrier(PHONES + 1)

    def begin(one: Callable[[], None]) -> None:
        barrier.wait(PATIENCE)
        one()

    with ThreadPoolExecutor(PHONES + 1) as threads:
        yield lambda *all_of_them: list(threads.map(begin, all_of_them))


@pytest.mark.process
def test_any_interleaving_of_ticks_and_edits_ends_as_the_ledger_says(
    person: Visitor, database: Database, at_once: Callable[..., None]
) -> None:
    """What is bought, what is needed, and each tick once, after every round."""
    owner = database.run(lambda session: session.scalars(select(User.id).where(User.email == person.email)).one())
    menu = database.run(lambda session: store_menu(session, owner))
    cook = Cook(random.Random(7), owner, menu)

    def send(sending: list[Said]) -> None:
        for said in sending:
            database.run(lambda session, said=said: services.say(session, owner, DAYS, said))

    def change() -> None:
        with suppress(DomainError):  # such as a dish that does not suit
            database.run(cook.edit)

    for number in range(ROUNDS):
        if number % 20 == 0:
            database.run(lambda session: [session.execute(delete(table)) for table in (Tick, Baseline)])
            ledger, phones = Ledger(), [Phone(random.Random(number + one)) for one in range(PHONES)]
        for phone in phones:
            phone.say()
        sent = [phone.sent() for phone in phones]
        at_once(change, *(partial(send, sending) for sending in sent))
        for said in (said for sending in sent for said in sending):
            ledger.write(said)
        shown = database.run(lambda session: lines(session, owner))
        assert {food: shown[food].bought if food in shown else 0.0 for food in FOODS} == {
            food: ledger.bought(food) for food in FOODS
        }
        if number % 10 == 0:
            needed = database.run(lambda session: required(session, owner, menu))
            listed = {food: line.needed for food, line in shown.items() if line.needed}
            assert listed.keys() == needed.keys()
            # More of a dish that is made for several at once.
            assert all(listed[food] >= grams * 0.999 for food, grams in needed.items())
        for phone in phones:
            phone.look(shown)
    assert database.run(lambda session: session.scalars(select(Menu.version)).one()) > ROUNDS / 10

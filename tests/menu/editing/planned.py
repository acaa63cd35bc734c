"""Finished menus for tests of editing, planned once and stored as a worker stores them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.editing.values import Moment
from mealplanner.menu.generation.claims import store_meals
from mealplanner.menu.generation.content import MenuContent, menu_content
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.planner.plan import plan
from mealplanner.preferences.values import Preferences
from tests.factories import MenuFactory, use_session
from tests.visitor import Visitor

MONDAY = datetime.date(2026, 11, 23)
NOON = Moment(now=datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC), today=MONDAY)
"""Noon on the first day of every menu here."""

PICKY = Preferences(
    diet_type="vegetarian",
    dietary_restrictions=["peanuts", "sesame"],
    disliked_ingredients=["mushrooms"],
    appliances=["stove", "oven"],
    snacks_per_day=2,
)
"""Preferences that refuse dishes of every kind, each for another reason."""


@cache
def content(days: int, *, picky: bool) -> tuple[MenuContent, Mapping[str, Any]]:
    """Return a planned menu and its targets."""
    catalogue, preferences = load_catalogue(), PICKY if picky else Preferences()
    request = plan_request(preferences, catalogue.foods, days=days, seed=1, recent={}, ratings={})
    planned = plan(request, catalogue.recipes, catalogue.foods)
    return menu_content(planned, preferences, catalogue, user_id=uuid.uuid4()), asdict(request.target)


def store_menu(
    session: Session, user_id: uuid.UUID, *, days: int = 3, picky: bool = False, advice: Sequence[str] = ()
) -> uuid.UUID:
    """Store a finished menu of a person, whose page gives `advice`, and return its id."""
    found, targets = content(days, picky=picky)
    preferences = (PICKY if picky else Preferences()).as_dict()
    with use_session(session):
        menu: uuid.UUID = MenuFactory(
            user_id=user_id, start_date=MONDAY, days=days, status="ready", targets=targets, preferences=preferences,
            warnings=list(advice), advice=list(advice), as_planned=found.as_planned,
        ).id  # fmt: skip
    store_meals(session, menu, found)
    return menu


@dataclass
class Browser:
    """A person who looks at a menu and changes it; `menu` is what the page showed last."""

    visitor: Visitor
    id: str
    menu: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> dict[str, Any]:
        """Open the menu."""
        self.menu = self.visitor.get(f"/menu/{self.id}", json=True).get_json()
        return self.menu

    def meal(self, day: int, slot: str) -> dict[str, Any]:
        """Return a meal as it was seen last."""
        return next(meal for meal in self.menu["days"][day]["meals"] if meal["slot"] == slot)

    def meals(self) -> Iterator[dict[str, Any]]:
        """Yield every meal as it was seen last."""
        for day in self.menu["days"]:
            yield from day["meals"]

    def address(self, meal: Mapping[str, Any], what: str) -> str:
        """Return where an edit of a meal is sent."""
        return f"/menu/{self.id}/meals/{meal['id']}/{what}"

    def alternatives(self, meal: Mapping[str, Any], **query: str) -> list[dict[str, Any]]:
        """Return what could be served instead of a meal."""
        answer = self.visitor.client.get(
            self.address(meal, "alternatives"), query_string=query, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.get_json()["alternatives"]
        return found

    def send(self, meal: Mapping[str, Any], what: str, **fields: Any) -> Any:
        """Edit a meal as it was seen last, as a program, and return the answer without looking."""
        return self.visitor.post(self.address(meal, what), json={"version": self.menu["version"], **fields})

    def edit(self, meal: Mapping[str, Any], what: str, **fields: Any) -> dict[str, Any]:
        """Edit a meal and look at the menu that the answer is."""
        answer = self.send(meal, what, **fields)
        assert answer.status_code == 200, answer.text
        self.menu = answer.get_json()
        return self.menu

    def step(self, what: str, **fields: Any) -> dict[str, Any]:
        """Undo or redo, and look at the menu that the answer is."""
        answer = self.visitor.post(f"/menu/{self.id}/{what}", json={"version": self.menu["version"], **fields})
        assert answer.status_code == 200, answer.text
        self.menu = answer.get_json()
        return self.menu

"""What a model proposed for a menu, as the worker keeps it: each write only while the menu is still its own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.food.catalogue import recipe_id
from mealplanner.llm.ideas import Idea
from mealplanner.menu.generation.claims import Order
from mealplanner.menu.models import Menu, Proposal
from mealplanner.planner.model import Recipe as Dish
from mealplanner.recipes import services as recipes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as it stands."""

    position: int
    idea: Idea
    recipe_id: uuid.UUID | None = None
    dropped: str | None = None

    @property
    def open(self) -> bool:
        """Whether it is neither written nor dropped."""
        return self.recipe_id is None and self.dropped is None


def of_menu(session: Session, menu_id: uuid.UUID) -> list[Proposed]:
    """All of them, in their order; none when the model was not asked yet, or had no ideas."""
    rows = session.scalars(select(Proposal).where(Proposal.menu_id == menu_id).order_by(Proposal.position))
    return [_proposed(row) for row in rows]


def of_person(session: Session, user_id: uuid.UUID) -> list[tuple[uuid.UUID, Proposed]]:
    """All that were ever made to a person, each with the id of its menu."""
    query = select(Proposal).join(Menu, Menu.id == Proposal.menu_id).where(Menu.user_id == user_id)
    rows = session.scalars(query.order_by(Menu.created_at, Proposal.menu_id, Proposal.position))
    return [(row.menu_id, _proposed(row)) for row in rows]


def add(session: Session, order: Order, *, ideas: Sequence[Idea]) -> None:
    """Keeps the ideas for `order`, all of them open."""
    session.add_all(
        Proposal(
            menu_id=order.menu_id,
            position=position,
            kind=idea.kind,
            title=idea.title,
            cuisine=idea.cuisine,
            main_protein=idea.main_protein,
        )
        for position, idea in enumerate(ideas)
    )


def write(session: Session, order: Order, *, position: int, dish: Dish) -> None:
    """Makes `dish` the person's own, and the answer to a proposal."""
    recipes.store(session, [dish], owner_id=order.user_id)
    _settle(session, order, position, recipe_id=recipe_id(dish, order.user_id))


def drop(session: Session, order: Order, *, position: int, why: str) -> None:
    """Gives a proposal up."""
    _settle(session, order, position, dropped=why)


def _proposed(row: Proposal) -> Proposed:
    return Proposed(
        position=row.position,
        idea=Idea(kind=row.kind, title=row.title, cuisine=row.cuisine, main_protein=row.main_protein),
        recipe_id=row.recipe_id,
        dropped=row.dropped,
    )


def _settle(session: Session, order: Order, position: int, **values: object) -> None:
    mine = (Proposal.menu_id == order.menu_id, Proposal.position == position)
    session.execute(update(Proposal).where(*mine).values(**values))

"""The dishes that a model proposed for a menu, as they are stored while the menu is generated.

Every write belongs in the transaction of a progress report, which makes sure that the claim still holds.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mealplanner.llm.dishes.ideas import Idea
from mealplanner.menu.generation.claims import Claim
from mealplanner.menu.models import Menu, Proposal
from mealplanner.recipes import services as recipes
from mealplanner.recipes.rows import RecipeRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as it stands."""

    position: int
    idea: Idea
    recipe_id: uuid.UUID | None = None
    dropped: str | None = None
    """Why it was dropped, in a sentence for people."""

    @property
    def open(self) -> bool:
        """Whether it is neither written nor dropped."""
        return self.recipe_id is None and self.dropped is None


def of_menu(session: Session, menu_id: uuid.UUID) -> list[Proposed]:
    """Return the proposals for a menu in their order; none when the model was not asked yet, or had no ideas."""
    rows = session.scalars(select(Proposal).where(Proposal.menu_id == menu_id).order_by(Proposal.position))
    return [_proposed(row) for row in rows]


def of_person(session: Session, user_id: uuid.UUID) -> list[tuple[uuid.UUID, Proposed]]:
    """Return all proposals that were ever made to a person, each with the id of its menu."""
    query = select(Proposal).join(Menu, Menu.id == Proposal.menu_id).where(Menu.user_id == user_id)
    rows = session.scalars(query.order_by(Menu.created_at, Proposal.menu_id, Proposal.position))
    return [(row.menu_id, _proposed(row)) for row in rows]


def add(session: Session, claim: Claim, *, ideas: Sequence[Idea]) -> None:
    """Store the ideas as open proposals."""
    session.add_all(
        Proposal(
            menu_id=claim.menu_id,
            position=position,
            kind=idea.kind,
            title=idea.title,
            cuisine=idea.cuisine,
            main_protein=idea.main_protein,
        )
        for position, idea in enumerate(ideas)
    )


def write(session: Session, claim: Claim, *, position: int, dish: RecipeRows) -> None:
    """Store `dish`, a single one, as the person's own and as what became of a proposal."""
    recipes.store(session, dish)
    (recipe_id,) = dish.ingredients
    _settle(session, claim, position, recipe_id=recipe_id)


def drop(session: Session, claim: Claim, *, position: int, why: str) -> None:
    """Give a proposal up; `why` is a sentence for people."""
    _settle(session, claim, position, dropped=why)


def _proposed(row: Proposal) -> Proposed:
    return Proposed(
        position=row.position,
        idea=Idea(kind=row.kind, title=row.title, cuisine=row.cuisine, main_protein=row.main_protein),
        recipe_id=row.recipe_id,
        dropped=row.dropped,
    )


def _settle(session: Session, claim: Claim, position: int, **values: object) -> None:
    proposal = (Proposal.menu_id == claim.menu_id, Proposal.position == position)
    session.execute(update(Proposal).where(*proposal).values(**values))

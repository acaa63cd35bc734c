"""Edits of menus, and what could be served instead, as JSON and on pages. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mealplanner.menu.editing.journal import undone_steps
from mealplanner.menu.editing.offers import Offer
from mealplanner.menu.editing.values import Edit, Journal, Kitchen
from mealplanner.menu.editing.wording import sentence
from mealplanner.planner.model import Nutrients
from mealplanner.recipes.presentation import numbers_json
from mealplanner.recipes.values import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEdit:
    """An entry of the journal as people read it; `undone` says that its effect is taken back at present."""

    edit: Edit
    text: str
    undone: bool


def past_edits(journal: Journal) -> list[PastEdit]:
    """Return a part of the journal of a menu, the newest first."""
    undone = undone_steps(journal.steps)
    by_version = {edit.version: edit for edit in (*journal.named, *journal.edits.items)}
    start = journal.summary.start_date
    return [
        PastEdit(edit=edit, text=_text(edit, by_version, start), undone=edit.version in undone)
        for edit in journal.edits.items
    ]


def edit_json(edit: Edit) -> dict[str, Any]:
    """Return an entry of the journal."""
    return {
        "version": edit.version,
        "what": edit.what,
        "before": edit.before,
        "after": edit.after,
        "at": edit.made_at.isoformat(),
        "undoes": edit.undoes,
        "redoes": edit.redoes,
    }


def journal_json(edits: Iterable[PastEdit]) -> dict[str, Any]:
    """Return entries of the journal with what people read of them."""
    return {"edits": [{**edit_json(past.edit), "text": past.text, "undone": past.undone} for past in edits]}


def offers_json(kitchen: Kitchen, found: Iterable[Offer]) -> dict[str, Any]:
    """Return dishes that could be served, and the version of the menu that an edit has to name."""
    return {"version": kitchen.menu.version, "alternatives": [_offer(offer) for offer in found]}


def _offer(offer: Offer) -> dict[str, Any]:
    recipe = offer.recipe
    return {
        "recipe": {
            "id": str(offer.recipe_id),
            "title": recipe.title,
            "source": offer.source,
            "minutes": recipe.minutes,
        },
        "portion": offer.portion,
        **numbers_json(_numbers(offer.nutrients)),
        "day": numbers_json(_numbers(offer.day)),
        "reason": offer.reason,
        "allowed": offer.allowed,
    }


def _numbers(nutrients: Nutrients) -> Numbers:
    return Numbers(**asdict(nutrients))


def _text(edit: Edit, by_version: Mapping[int, Edit], start: datetime.date) -> str:
    if edit.undoes is not None:
        return f"Undone: {_text(by_version[edit.undoes], by_version, start)}"
    if edit.redoes is not None:
        return f"Redone: {_text(by_version[edit.redoes], by_version, start)}"
    return sentence(edit.what, edit.before, edit.after, start)

"""The shapes that a model answers in, in the part of JSON Schema that strict mode and local servers share.

Only type, enum, properties, required, additionalProperties, items and description: whatever else must hold is said in
the prompt and checked by our own code, and so is all of this once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mealplanner.food.vocabulary import CUISINES
from mealplanner.llm.dishes.brief import Brief, main_proteins

Schema = dict[str, Any]

MOST_ENUM_VALUES: Final = 1000
"""In all enums of one schema together. Source: OpenAI's guide "Structured Outputs", supported schemas, 2026."""

MOST_ENUM_LETTERS: Final = 15_000
"""In an enum of more than 250 strings. Source: the same."""


def ideas_schema(brief: Brief, kinds: Iterable[str]) -> Schema:
    """A list of ideas, each of one of `kinds`."""
    idea = _object(
        kind=_one_of(kinds),
        title={"type": "string"},
        cuisine=_one_of(CUISINES),
        main_protein=_one_of(main_proteins(brief)),
    )
    return _object(ideas={"type": "array", "items": idea})


def dish_schema(brief: Brief) -> Schema:
    """One dish. The same for all dishes of a brief, so that a server prepares it once."""
    ingredient = _object(
        food=_one_of(food.id for food in brief.allowed),
        grams={"type": "number", "description": "in one serving"},
    )
    return _object(
        title={"type": "string"},
        ingredients={"type": "array", "items": ingredient},
        steps={"type": "array", "items": {"type": "string"}},
        minutes={"type": "integer"},
        appliances={"type": "array", "items": _one_of(sorted(brief.request.appliances))},
    )


def _object(**properties: Mapping[str, Any]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(values: Iterable[str]) -> Schema:
    """One of `values` as far as strict mode can say it; any text where there are too many, or none at all."""
    listed = list(values)
    fits = 0 < len(listed) <= MOST_ENUM_VALUES - _OTHER_VALUES and sum(map(len, listed)) <= MOST_ENUM_LETTERS
    return {"type": "string", "enum": listed} if fits else {"type": "string"}


_OTHER_VALUES: Final = 100
"""Room for the short enums beside a long one: kinds, cuisines, proteins, appliances."""

"""The schemas of answers, in the subset of JSON Schema that strict mode and local servers share.

They use type, enum, properties, required, additionalProperties, items and description only. The prompt says what else
must hold, and our own code checks all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mealplanner.food.vocabulary import APPLIANCES, CUISINES
from mealplanner.llm.dishes.brief import Brief, main_proteins

Schema = dict[str, Any]

MOST_ENUM_VALUES: Final = 1000
"""In all enums of one schema together. Source: OpenAI's guide "Structured Outputs", supported schemas, 2026."""

MOST_ENUM_LETTERS: Final = 15_000
"""In an enum of more than 250 strings. Source: the same."""


def ideas_schema(brief: Brief, kinds: Iterable[str]) -> Schema:
    """Return the schema of a list of ideas, each of one of `kinds`."""
    idea = _object(
        kind=_one_of(kinds),
        title={"type": "string"},
        cuisine=_one_of(CUISINES),
        main_protein=_one_of(main_proteins(brief)),
    )
    return _object(ideas={"type": "array", "items": idea})


def dish_schema(brief: Brief) -> Schema:
    """Return the schema of one dish: the same for all dishes of a brief, because a server prepares each new schema."""
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
    """Return an enum of `values`, or any text if there are none or more than strict mode allows."""
    listed = list(values)
    fits = 0 < len(listed) <= MOST_ENUM_VALUES - _OTHER_VALUES and sum(map(len, listed)) <= MOST_ENUM_LETTERS
    return {"type": "string", "enum": listed} if fits else {"type": "string"}


_OTHER_VALUES: Final = len(APPLIANCES)
"""Room for the enum of appliances, which stands beside that of the foods."""

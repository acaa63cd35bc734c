"""The schemas stay in the subset that strict mode accepts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from mealplanner.food.table import load_foods
from mealplanner.llm.dishes.brief import Brief
from mealplanner.llm.dishes.prompts import dish_call, ideas_call
from mealplanner.llm.dishes.schemas import MOST_ENUM_LETTERS, MOST_ENUM_VALUES
from tests.llm.dishes.briefs import ALL_DIETS, IDEA, WANTED, brief_for

KNOWN = {"type", "enum", "properties", "required", "additionalProperties", "items", "description"}


def schemas(brief: Brief) -> list[dict[str, Any]]:
    return [dict(call.schema) for call in (ideas_call(brief, WANTED), dish_call(brief, IDEA))]


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and all schemas in it."""
    yield schema
    for part in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
        yield from parts(part)


@pytest.mark.parametrize("diet", ALL_DIETS)
def test_strict_mode_accepts_them(diet: str) -> None:
    """An object at the root, known keywords only, every property required and no other allowed."""
    for schema in schemas(brief_for(diet=diet)):
        assert schema["type"] == "object"
        for part in parts(schema):
            assert part.keys() <= KNOWN
            if part["type"] == "object":
                assert part["additionalProperties"] is False
                assert part["required"] == list(part["properties"])


@pytest.mark.parametrize("diet", ALL_DIETS)
def test_enums_keep_to_the_limits(diet: str) -> None:
    """They hold no value twice, and none is empty."""
    for schema in schemas(brief_for(diet=diet, appliances=frozenset())):
        enums = [part["enum"] for part in parts(schema) if "enum" in part]
        assert sum(map(len, enums)) <= MOST_ENUM_VALUES
        for enum in enums:
            assert 0 < len(set(enum)) == len(enum)
            assert len("".join(enum)) <= MOST_ENUM_LETTERS


@pytest.mark.parametrize("diet", ["vegan", "omnivore"])
def test_the_closed_list_is_in_the_schema(diet: str) -> None:
    """With a server that enforces the schema, a model cannot name another food: the whole table fits."""
    brief = brief_for(diet=diet)
    (_, schema) = schemas(brief)
    food = schema["properties"]["ingredients"]["items"]["properties"]["food"]
    assert food["enum"] == [food.id for food in brief.allowed]


def test_a_list_that_is_too_long_for_an_enum_is_left_out() -> None:
    """Strict mode would refuse the schema, so it allows any text, and the answer is checked."""
    food = next(iter(load_foods().values()))
    crowd = tuple(dataclasses.replace(food, id=f"food-{number}") for number in range(MOST_ENUM_VALUES))
    (_, schema) = schemas(dataclasses.replace(brief_for(), allowed=crowd))
    assert schema["properties"]["ingredients"]["items"]["properties"]["food"] == {"type": "string"}

"""Answers with random parts replaced: reading them ends in findings or in a dish that may be served."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest

from mealplanner.llm.dishes.answers import read_dish
from mealplanner.llm.dishes.ideas import Idea, read_ideas
from mealplanner.llm.dishes.prompts import dish_call, ideas_call
from mealplanner.planner.model import Recipe
from tests.fake_model import content
from tests.llm.dishes.briefs import IDEA, VEGAN, WANTED, brief_for, request_body
from tests.second_proof.dishes import violations

JUNK: list[Any] = [
    *(None, True, False, 0, -1, 3, 10**400, 0.5, -0.0, 1e308, math.nan, math.inf, -math.inf),
    *(
        "",
        " ",
        "butter",
        "chicken-breast",
        "salt",
        "oven",
        "Beef stew.",
        "x" * 10_000,
        "\ud800",
        "\u202e",
        "<b>",
        "'",
        "NaN",
    ),
    *([], {}, [[]], [{}], ["butter"], {"food": "butter"}, {"food": "kale", "grams": 5}, {"title": "x"}),
]

Place = tuple[Any, Any]


def places(value: Any) -> Iterator[Place]:
    """Yield everything in `value` that can be replaced: its container, and its key there."""
    keys: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def spoil(rng: random.Random, value: Any) -> Any:
    """Return `value` with one to three parts replaced, doubled or removed."""
    spoiled = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(list(places({"all": spoiled})))
        match rng.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.append(holder[key])
            case _:
                holder[key] = rng.choice(JUNK)
    return spoiled


@pytest.mark.parametrize("seed", range(5))
def test_a_spoiled_answer_never_becomes_a_dish_that_may_not_be_served(seed: int) -> None:
    rng, brief = random.Random(seed), brief_for(**VEGAN)
    good = json.loads(content.answer(request_body(dish_call(brief, IDEA))))
    served = 0
    for _ in range(400):
        read = read_dish(spoil(rng, good), brief, IDEA)
        if isinstance(read, Recipe):
            served += 1
            assert violations(read, brief.request) == []
        else:
            assert read
            assert all(len(finding.text) < 1000 and finding.text.isprintable() for finding in read)
    assert 0 < served < 200, "some changes do no harm, like one gram more or less"


def test_ideas_are_read_whatever_they_hold() -> None:
    """Those that are kept follow the schema."""
    rng, brief = random.Random(1), brief_for(**VEGAN)
    good = json.loads(content.answer(request_body(ideas_call(brief, WANTED))))
    for _ in range(300):
        for idea in read_ideas(spoil(rng, good), brief, WANTED):
            assert isinstance(idea, Idea)
            assert idea.kind in WANTED
            assert not {"\u202e", "<"} & set(idea.title)

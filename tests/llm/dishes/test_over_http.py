"""Dishes through the real client, from a server that answers with `tests/fake_model/content.py`."""

from __future__ import annotations

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.client import ModelClient
from mealplanner.llm.dishes.writing import WHY, Dropped, ask_ideas, write_dish
from mealplanner.llm.outcomes import RetryLater
from mealplanner.planner.model import Recipe
from tests.fake_model import content, hostile
from tests.fake_model.server import FakeModel
from tests.llm.dishes.briefs import IDEA, VEGAN, WANTED, brief_for
from tests.second_proof.dishes import violations


def client(fake: FakeModel) -> ModelClient:
    return ModelClient(ModelServer(base_url=fake.url, model="any"))


@pytest.mark.parametrize("mode", ["ok", "no_schema", "no_json", "fenced", "chatty", "thinking", "no_usage"])
def test_a_week_of_ideas_and_a_dish(mode: str) -> None:
    """In every form, and from servers that say more than they should."""
    brief = brief_for(**VEGAN)
    with FakeModel(mode, answer=content.answer) as fake:
        ideas = ask_ideas(client(fake).ask, brief, WANTED)
        dish = write_dish(client(fake).ask, brief, IDEA)
    assert isinstance(ideas, tuple)
    assert len(ideas) == sum(WANTED.values())
    assert isinstance(dish, Recipe)
    assert violations(dish, brief.request) == []


def test_what_cannot_be_read_is_asked_for_once_more() -> None:
    """Prose or half an answer; there is no third question."""
    with FakeModel(answer=content.answer) as fake:
        asking = client(fake)
        fake.script("ok", "prose", "ok", "truncated", "truncated")
        assert isinstance(write_dish(asking.ask, brief_for(), IDEA), Recipe)
        assert isinstance(write_dish(asking.ask, brief_for(), IDEA), Recipe)
        assert isinstance(write_dish(asking.ask, brief_for(), IDEA), Dropped)
        assert len(fake.requests) == 5


@pytest.mark.parametrize("name", hostile.DISHES)
def test_hostile_dishes_are_dropped(name: str) -> None:
    """Whether the client or the reader refuses the answer."""
    with FakeModel(answer=hostile.DISHES[name]) as fake:
        dropped = write_dish(client(fake).ask, brief_for(**VEGAN), IDEA)
    assert isinstance(dropped, Dropped)
    assert dropped.why in {f"{why}, also after one correction." for why in WHY.values()}


def test_no_dish_is_dropped_because_a_server_is_busy() -> None:
    with FakeModel("busy", answer=content.answer) as fake:
        assert isinstance(write_dish(client(fake).ask, brief_for(), IDEA), RetryLater)
        assert len(fake.requests) == 1

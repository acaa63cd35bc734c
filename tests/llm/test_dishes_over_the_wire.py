"""From a question to a dish through everything that is real but the model."""

from __future__ import annotations

import pytest

from mealplanner.llm.dishes import Dropped, ask_ideas, write_dish
from mealplanner.llm.outcomes import Outcome
from mealplanner.planner.model import Recipe
from tests.fake_model import content
from tests.fake_model.server import FakeModel
from tests.llm.conftest import client_of
from tests.llm.diners import IDEA, VEGAN, WANTED, diner


@pytest.mark.parametrize("mode", ["ok", "no_schema", "no_json", "fenced", "chatty", "thinking", "no_usage"])
def test_a_dish_is_written_on_every_rung(mode: str, fake: FakeModel) -> None:
    """Whatever form of answer the server knows."""
    fake.mode, fake.answer = mode, content.answer
    ask, eater = client_of(fake).ask, diner(**VEGAN)
    ideas = ask_ideas(ask, eater, WANTED)
    assert not isinstance(ideas, Outcome)
    assert len(ideas) == sum(WANTED.values())
    assert isinstance(write_dish(ask, eater, ideas[0]), Recipe)


def test_a_dish_is_mended_or_dropped_over_the_wire(fake: FakeModel) -> None:
    """A second answer that is no better is the last."""
    client = client_of(fake)
    fake.answer = content.answer
    assert isinstance(write_dish(client.ask, diner(), IDEA), Recipe)
    fake.script("prose", "ok", "truncated", "truncated")
    assert isinstance(write_dish(client.ask, diner(), IDEA), Recipe)
    assert isinstance(write_dish(client.ask, diner(), IDEA), Dropped)
    assert len(fake.requests) == 5


@pytest.mark.parametrize("mode", ["busy", "quota", "cut"])
def test_what_says_nothing_about_a_dish_comes_back_as_it_is(mode: str, fake: FakeModel) -> None:
    """For the job to wait, or to tell the operator."""
    fake.mode = mode
    outcome = write_dish(client_of(fake).ask, diner(), IDEA)
    assert isinstance(outcome, Outcome)
    assert outcome.kind in ("retry_later", "config", "transient")
    assert len(fake.requests) == 1

"""A model that is fake, and a client that is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.client import ModelClient
from mealplanner.llm.outcomes import Call
from tests.fake_model.server import FakeModel
from tests.waiting import PATIENCE

KEY = "sk-a-key-of-our-own"

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "integer"}},
    "required": ["answer"],
    "additionalProperties": False,
}

CALL = Call(
    purpose="dish", system="You are a cook.", user="A soup.", schema_name="dish", schema=SCHEMA, most_tokens=500
)  # fmt: skip


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.time

    def jump(self, *_: object) -> bool:
        """Beyond any deadline. False, so that it can stand where somebody is asked whether to stop."""
        self.time += 10_000
        return False


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """A server that answers well until it is told otherwise. Afterwards nobody still talks to it."""
    with FakeModel() as fake:
        yield fake
    join_calls()


@pytest.fixture
def clock() -> Clock:
    """A clock for the deadline."""
    return Clock()


def join_calls() -> None:
    """Waits until no thread of a call is left."""
    for thread in threading.enumerate():
        if thread.name == "model call":
            thread.join(PATIENCE)
            assert not thread.is_alive()


def server_at(fake: FakeModel, **settings: Any) -> ModelServer:
    """The settings that lead to `fake`."""
    return ModelServer(**{"base_url": fake.url, "api_key": KEY, "model": "any", **settings})


def client_of(fake: FakeModel, **settings: Any) -> ModelClient:
    """A client of `fake` that has asked nothing yet."""
    return ModelClient(server_at(fake, **settings))

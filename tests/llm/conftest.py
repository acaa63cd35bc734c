"""A fake model server, and a real client for it."""

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
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.time

    def jump(self, *_: object) -> bool:
        """Pass any deadline. Return False, so that this can serve as `interrupted`."""
        self.time += 10_000
        return False


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """A server that answers well until it is told otherwise. No call is left when the test ends."""
    with FakeModel() as fake:
        yield fake
    join_calls()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def join_calls() -> None:
    """Wait until no thread of a call is left."""
    for thread in threading.enumerate():
        if thread.name == "model call":
            thread.join(PATIENCE)
            assert not thread.is_alive()


def server_at(fake: FakeModel, **settings: Any) -> ModelServer:
    """Return settings that lead to `fake`."""
    return ModelServer(**{"base_url": fake.url, "api_key": KEY, "model": "any", **settings})


def client_of(fake: FakeModel, **settings: Any) -> ModelClient:
    """Return a client of `fake` that has not asked anything yet."""
    return ModelClient(server_at(fake, **settings))

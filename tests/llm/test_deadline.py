"""A call ends at its deadline and when nobody wants it any more, and leaves no connection behind."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mealplanner.llm.client import ModelClient
from mealplanner.llm.outcomes import DeadlineExceeded, Stopped
from tests.fake_model.server import FakeModel
from tests.llm.conftest import CALL, Clock, client_of, join_calls, server_at
from tests.waiting import PATIENCE

ENDLESS = ["silent", "drip", "header_drip", "error_drip", "hints"]


@pytest.mark.parametrize("mode", ENDLESS)
def test_the_connection_is_closed_at_the_deadline(mode: str, fake: FakeModel, clock: Clock) -> None:
    """Whatever part of the answer the server drags out; what it may have made counts in full."""
    fake.mode, fake.during = mode, clock.jump
    outcome = ModelClient(server_at(fake, price_out=2.0), clock=clock).ask(CALL)
    assert isinstance(outcome, DeadlineExceeded)
    assert fake.requests[0].gone.wait(PATIENCE)
    assert outcome.usage is not None
    assert outcome.usage.estimated
    assert outcome.usage.tokens_out == CALL.most_tokens
    assert outcome.usage.cost == CALL.most_tokens * 2.0 / 1_000_000


@pytest.mark.parametrize("mode", ENDLESS)
def test_the_deadline_holds_by_the_real_clock(mode: str, fake: FakeModel) -> None:
    """A timeout for each read would not: there is always something to read."""
    fake.mode = mode
    outcome = client_of(fake, deadline=1.0).ask(CALL)
    assert isinstance(outcome, DeadlineExceeded)
    assert 1.0 <= outcome.seconds < PATIENCE


def test_the_whole_ladder_has_one_deadline(fake: FakeModel, clock: Clock) -> None:
    """A rung below does not begin a new one."""
    fake.script("no_json", "silent")
    fake.during = lambda asked: clock.jump() if asked.response_format == "json_object" else None
    outcome = ModelClient(server_at(fake), clock=clock).ask(CALL)
    assert isinstance(outcome, DeadlineExceeded)
    assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object"]


@pytest.mark.parametrize("mode", ENDLESS)
def test_an_interruption_closes_the_connection(mode: str, fake: FakeModel) -> None:
    """Cancelling stops the spending; what may have been spent is told."""
    asked = threading.Event()
    fake.mode, fake.during = mode, lambda _asked: asked.set()
    with pytest.raises(Stopped) as stopped:
        client_of(fake).ask(CALL, interrupted=asked.is_set)
    assert fake.requests[0].gone.wait(PATIENCE)
    assert stopped.value.usage is not None
    assert stopped.value.usage.estimated


def test_whoever_is_interrupted_before_asks_nothing(fake: FakeModel) -> None:
    """And owes nothing."""
    with pytest.raises(Stopped) as stopped:
        client_of(fake).ask(CALL, interrupted=lambda: True)
    assert fake.requests == []
    assert stopped.value.usage is None


class Hanging:
    """Takes the place of connecting, and hangs there, as when a name is looked up in vain."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self._connect = socket.create_connection
        monkeypatch.setattr(socket, "create_connection", self.connect)

    def connect(self, *arguments: Any, **options: Any) -> socket.socket:
        """Connects when it is told to."""
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        return self._connect(*arguments, **options)


@pytest.mark.parametrize("ends", ["deadline", "interruption"])
def test_a_connection_that_comes_too_late_is_closed(
    ends: str, fake: FakeModel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it to be made, nothing is sent over it, and nothing is owed."""
    hanging = Hanging(monkeypatch)
    client = ModelClient(server_at(fake), clock=clock)
    with ThreadPoolExecutor(1) as pool:
        interrupted = hanging.began.is_set if ends == "interruption" else lambda: False
        asking = pool.submit(client.ask, CALL, interrupted=interrupted)
        if ends == "interruption":
            with pytest.raises(Stopped) as stopped:
                asking.result(PATIENCE)
            assert stopped.value.usage is None
        else:
            assert hanging.began.wait(PATIENCE)
            clock.jump()
            outcome = asking.result(PATIENCE)
            assert outcome.kind == "deadline"
            assert outcome.usage is None
    hanging.go_on.set()
    join_calls()
    assert fake.requests == []


def test_a_process_has_so_many_calls_in_flight(fake: FakeModel) -> None:
    """The others wait their turn."""
    client = client_of(fake, in_flight=2)
    go_on = threading.Event()
    fake.during = lambda _asked: go_on.wait(PATIENCE)
    with ThreadPoolExecutor(5) as pool:
        asking = [pool.submit(client.ask, CALL) for _ in range(5)]
        fake.wait_for(2)
        assert not any(one.done() for one in asking)
        assert len(fake.requests) == 2
        go_on.set()
        assert [one.result(PATIENCE).kind for one in asking] == ["ok"] * 5


def test_the_wait_for_a_turn_ends_too(fake: FakeModel, clock: Clock) -> None:
    """By interruption, and within the same deadline; nothing is sent then, and whoever comes later has a turn again."""
    client = ModelClient(server_at(fake, in_flight=1), clock=clock)
    go_on = threading.Event()
    fake.during = lambda _asked: go_on.wait(PATIENCE)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.ask, CALL)
        fake.wait_for(1)
        looks = iter([False, False, True])
        with pytest.raises(Stopped):
            client.ask(CALL, interrupted=lambda: next(looks))
        outcome = client.ask(CALL, interrupted=clock.jump)
        assert (outcome.kind, outcome.usage, outcome.sent) == ("deadline", None, "")
        assert first.result(PATIENCE).kind == "deadline"
        go_on.set()
    assert client.ask(CALL).kind == "ok"
    assert len(fake.requests) == 2

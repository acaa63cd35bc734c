"""A call ends at its deadline or when it is interrupted, and leaves no connection behind."""

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
    """Whichever part of the reply is slow; an answer that may have been generated counts in full."""
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
    """A timeout for each read would never expire: there is always something to read."""
    fake.mode = mode
    outcome = client_of(fake, deadline=1.0).ask(CALL)
    assert isinstance(outcome, DeadlineExceeded)
    assert 1.0 <= outcome.seconds < PATIENCE


def test_all_forms_share_one_deadline(fake: FakeModel, clock: Clock) -> None:
    """Trying another form does not begin a new one."""
    fake.script("no_json", "silent")
    fake.during = lambda asked: clock.jump() if asked.response_format == "json_object" else None
    outcome = ModelClient(server_at(fake), clock=clock).ask(CALL)
    assert isinstance(outcome, DeadlineExceeded)
    assert [asked.response_format for asked in fake.requests] == ["json_schema", "json_object"]


@pytest.mark.parametrize("mode", ENDLESS)
def test_an_interruption_closes_the_connection(mode: str, fake: FakeModel) -> None:
    """The exception tells what may have been used."""
    asked = threading.Event()
    fake.mode, fake.during = mode, lambda _asked: asked.set()
    with pytest.raises(Stopped) as stopped:
        client_of(fake).ask(CALL, interrupted=asked.is_set)
    assert fake.requests[0].gone.wait(PATIENCE)
    assert stopped.value.usage is not None
    assert stopped.value.usage.estimated


def test_a_call_that_is_interrupted_before_it_begins_sends_nothing(fake: FakeModel) -> None:
    with pytest.raises(Stopped) as stopped:
        client_of(fake).ask(CALL, interrupted=lambda: True)
    assert fake.requests == []
    assert stopped.value.usage is None


class Hanging:
    """Replaces `socket.create_connection`, and hangs there, as a slow name server would make it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self._connect = socket.create_connection
        monkeypatch.setattr(socket, "create_connection", self.connect)

    def connect(self, *arguments: Any, **options: Any) -> socket.socket:
        """Connect when told to."""
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        return self._connect(*arguments, **options)


@pytest.mark.parametrize("ends", ["deadline", "interruption"])
def test_a_connection_that_comes_too_late_is_closed(
    ends: str, fake: FakeModel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call does not wait for it, nothing is sent over it, and nothing is counted."""
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


def test_a_process_has_a_limited_number_of_calls_in_flight(fake: FakeModel) -> None:
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


def test_the_wait_for_a_slot_ends_too(fake: FakeModel, clock: Clock) -> None:
    """At an interruption or at the same deadline, with nothing sent; the slot is free for later calls."""
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
        assert isinstance(outcome, DeadlineExceeded)
        assert (outcome.cause, outcome.usage, outcome.sent) == ("crowded", None, "")
        assert first.result(PATIENCE).kind == "deadline"
        go_on.set()
    assert client.ask(CALL).kind == "ok"
    assert len(fake.requests) == 2

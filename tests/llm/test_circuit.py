"""When the circuit opens and closes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mealplanner.llm.circuit import MOST_FAILURES, PAUSE, Circuit, CircuitOpen
from mealplanner.llm.outcomes import (
    BadOutput,
    Call,
    ConfigProblem,
    DeadlineExceeded,
    Ok,
    Outcome,
    RetryLater,
    Transient,
)

CALL = Call(purpose="dish", system="", user="", schema_name="dish", schema={}, most_tokens=1)
COMMON = {"sent": "", "received": "", "usage": None, "seconds": 0.0}
WELL = Ok(value={}, **COMMON)
BROKEN = Transient(why="down", **COMMON)


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked() -> list[Outcome]:
    """What the server has answered so far."""
    return []


@pytest.fixture
def send(clock: Clock, asked: list[Outcome]) -> Callable[[Outcome], Outcome]:
    """Ask the server through the circuit; it answers with the outcome it is given."""
    circuit = Circuit(clock)

    def through(outcome: Outcome) -> Outcome:
        def ask(_: Call) -> Outcome:
            asked.append(outcome)
            return outcome

        return circuit.through(ask, CALL)

    return through


Send = Callable[[Outcome], Outcome]


@pytest.mark.parametrize(
    "failure",
    [
        BROKEN,
        DeadlineExceeded(why="slow", **COMMON),
        ConfigProblem(cause="key", why="no", remedy="set the key", **COMMON),
    ],
)
def test_a_server_that_keeps_failing_is_not_asked(
    send: Send, clock: Clock, asked: list[Outcome], failure: Outcome
) -> None:
    """The exception says after how many seconds it is asked again."""
    for _ in range(MOST_FAILURES):
        assert send(failure) is failure
    clock.now += PAUSE / 2
    with pytest.raises(CircuitOpen) as refused:
        send(WELL)
    assert refused.value.seconds == PAUSE / 2
    assert len(asked) == MOST_FAILURES


@pytest.mark.parametrize(
    "answer", [WELL, BadOutput(why="no JSON", **COMMON), RetryLater(why="busy", after=9, **COMMON)]
)
def test_only_failures_in_a_row_count(send: Send, answer: Outcome) -> None:
    """Any answer, even a useless one, shows that the server is alive."""
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            send(BROKEN)
        assert send(answer) is answer


def test_one_call_tries_the_server_after_the_pause_and_another_pause_follows_a_failure(
    send: Send, clock: Clock
) -> None:
    for _ in range(MOST_FAILURES):
        send(BROKEN)
    clock.now += PAUSE
    assert send(BROKEN) is BROKEN
    with pytest.raises(CircuitOpen):
        send(WELL)


def test_a_server_that_works_again_is_asked_as_before(send: Send, clock: Clock) -> None:
    """It may also fail as often as before."""
    for _ in range(MOST_FAILURES):
        send(BROKEN)
    clock.now += PAUSE
    for outcome in (WELL, *[BROKEN] * (MOST_FAILURES - 1), WELL):
        assert send(outcome) is outcome


def test_other_calls_are_refused_while_one_tries_the_server(clock: Clock) -> None:
    """A server that has just come back is not flooded."""
    circuit = Circuit(clock)
    for _ in range(MOST_FAILURES):
        circuit.through(lambda _: BROKEN, CALL)
    clock.now += PAUSE

    def first(_: Call) -> Outcome:
        with pytest.raises(CircuitOpen):
            circuit.through(lambda _: WELL, CALL)
        return WELL

    assert circuit.through(first, CALL) is WELL

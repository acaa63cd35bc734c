"""When a mail server is talked to, and when it is left alone."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import pytest

from mealplanner.mail.circuit import FIRST_PAUSE, Circuit
from mealplanner.mail.errors import NotTaken, OutcomeOfMailUnknown, Refused, Silent


class Seconds:
    """A clock that tests move."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def circuit(clock: Seconds) -> Circuit:
    return Circuit(clock)


def fail(circuit: Circuit, error: Exception | None = None) -> None:
    """Talk to a server that does not answer."""
    raised = error or Silent("nothing")
    with pytest.raises(type(raised)), circuit.conversation():
        raise raised


def refused(circuit: Circuit) -> bool:
    """Return whether a mail is turned away without talking to the server."""
    try:
        with circuit.conversation():
            return False
    except NotTaken:
        return True


@pytest.mark.parametrize("error", [Silent("no word"), OutcomeOfMailUnknown("no word at the end")], ids=repr)
def test_a_server_that_failed_is_left_alone_for_a_while(circuit: Circuit, clock: Seconds, error: Exception) -> None:
    fail(circuit, error)
    clock.now += FIRST_PAUSE - 1
    assert refused(circuit)
    clock.now += 1
    assert not refused(circuit)


def test_it_is_left_alone_for_longer_after_each_failure_and_for_minutes_at_most(
    circuit: Circuit, clock: Seconds
) -> None:
    for pause in (30, 60, 120, 240, 300, 300):
        fail(circuit)
        clock.now += pause - 1
        assert refused(circuit)
        clock.now += 1


def test_one_attempt_at_a_time_finds_out_whether_it_is_back(circuit: Circuit, clock: Seconds) -> None:
    """The mails that wait meanwhile take no time; once it answers, all may talk to it."""
    assert first_of_many(circuit) == 1
    fail(circuit)
    clock.now += FIRST_PAUSE
    assert first_of_many(circuit) == 1
    assert first_of_many(circuit) == 5


def first_of_many(circuit: Circuit) -> int:
    """Return how many of five that begin together may talk to the server, all with success."""
    begun = 0
    with ExitStack() as stack:
        for _ in range(5):
            with suppress(NotTaken):
                stack.enter_context(circuit.conversation())
                begun += 1
    return begun


def test_conversations_that_fail_together_are_one_failure(circuit: Circuit, clock: Seconds) -> None:
    assert not refused(circuit)
    with pytest.raises(Silent), ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(circuit.conversation())
        raise Silent("all of them")
    clock.now += FIRST_PAUSE
    assert not refused(circuit)


@pytest.mark.parametrize("error", [NotTaken("451 later"), Refused("550 no"), KeyError("stop")], ids=repr)
def test_a_server_that_refuses_a_mail_is_not_away(circuit: Circuit, error: Exception) -> None:
    fail(circuit, error)
    assert not refused(circuit)

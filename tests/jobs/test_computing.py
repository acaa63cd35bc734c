"""One task is computed in the worker's own process, others beside it in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Pipe
from threading import Event, Thread
from types import MappingProxyType

import psutil
import pytest

from mealplanner.errors import Invalid
from mealplanner.jobs.computing import Computing, HelperDied
from mealplanner.jobs.helper import serve
from mealplanner.jobs.pickling import dumps, loads
from mealplanner.jobs.tasks import JobCancelled
from mealplanner.planner.plan import NothingFits
from tests.jobs import sums
from tests.waiting import PATIENCE


def on(_step: int, _steps: int) -> None:
    """Go on."""


def fine() -> None:
    """The job need not end."""


@contextmanager
def busy(computing: Computing) -> Iterator[None]:
    """Keep the worker's own process busy during the block, so that others compute elsewhere."""
    begun, end = Event(), Event()

    def compute(*, checkpoint: object) -> None:  # noqa: ARG001
        begun.set()
        assert end.wait(PATIENCE)

    thread = Thread(target=computing, args=(fine, on, compute))
    thread.start()
    assert begun.wait(PATIENCE)
    yield
    end.set()
    thread.join(PATIENCE)


@pytest.fixture
def computing() -> Iterator[Computing]:
    """Two at once."""
    made = Computing(2)
    yield made
    made.close()
    assert helpers() == []


def helpers() -> list[psutil.Process]:
    """Return the processes that compute for this one."""
    return [one for one in psutil.Process().children() if "mealplanner.jobs.helper" in one.cmdline()]


def test_what_read_only_mappings_and_errors_hold_arrives() -> None:
    """An error keeps its attributes and its text, whatever its own constructor takes."""
    error, mapping = loads(dumps((NothingFits(["No lunch.", "No dinner."]), MappingProxyType({"a": 1}))))
    assert (error.advice, str(error)) == (("No lunch.", "No dinner."), "No lunch. No dinner.")
    assert mapping == {"a": 1}
    assert type(mapping) is MappingProxyType


def test_one_task_needs_no_other_process(computing: Computing) -> None:
    assert computing(fine, on, sums.process) == os.getpid()
    assert helpers() == []


def test_a_task_that_cannot_begin_may_be_ended() -> None:
    """A worker that computes one at a time looks whether the second job should end while it waits."""
    alone = Computing(1)

    def cancelled() -> None:
        raise JobCancelled

    with busy(alone), pytest.raises(JobCancelled):
        alone(cancelled, on, sums.process)


@pytest.mark.process
def test_a_second_task_is_computed_in_another_process(computing: Computing) -> None:
    """Which serves again, and passes on each step, what was returned, and what was raised."""
    seen: list[tuple[int, int]] = []
    with busy(computing):
        first = computing(fine, on, sums.process)
        assert first != os.getpid()
        assert computing(fine, lambda *step: seen.append(step), sums.steps, 3) == "done"
        with pytest.raises(Invalid) as raised:
            computing(fine, on, sums.refuse, Invalid({"days": ["Too many."]}))
        assert computing(fine, on, sums.process) == first
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert raised.value.errors == {"days": ["Too many."]}
    assert "sums.py" in raised.value.__notes__[0]


@pytest.mark.process
def test_a_task_is_ended_in_the_middle(computing: Computing) -> None:
    """By what its checkpoint raises, or by a look whether the job should end. Its process ends too."""
    begun = Event()

    def cancelled(*_: int) -> None:
        raise JobCancelled

    with busy(computing):
        with pytest.raises(JobCancelled):
            computing(fine, cancelled, sums.steps, 3)
        assert helpers() == []
        with pytest.raises(JobCancelled):
            computing(lambda: cancelled() if begun.is_set() else None, lambda *_: begun.set(), sums.endless)
        assert helpers() == []


@pytest.mark.process
def test_a_process_that_is_killed_fails_its_task_alone(computing: Computing) -> None:
    with busy(computing):
        with pytest.raises(HelperDied):
            computing(fine, on, sums.crash)
        assert computing(fine, on, sums.process) != os.getpid()


@pytest.mark.process
def test_a_process_that_has_ended_meanwhile_is_replaced(computing: Computing) -> None:
    """As after a while without work."""
    with busy(computing):
        first = computing(fine, on, sums.process)
        os.kill(first, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(first)], PATIENCE)
        assert computing(fine, on, sums.process) not in (first, os.getpid())


ORPHANAGE = """
import sys, threading
from mealplanner.jobs.computing import Computing
from tests.jobs import sums

computing, begun = Computing(2), threading.Event()
go_on, never = lambda *_: None, threading.Event()
hold = lambda *, checkpoint: (begun.set(), never.wait())
threading.Thread(target=computing, args=(go_on, go_on, hold), daemon=True).start()
begun.wait()
pid = computing(go_on, go_on, sums.process)
threading.Thread(target=computing, args=(go_on, lambda *_: print(pid, flush=True), sums.endless), daemon=True).start()
never.wait()
"""


@pytest.mark.process
def test_no_process_outlives_a_worker_that_is_killed() -> None:
    """Even in the middle of a task."""
    worker = subprocess.Popen([sys.executable, "-c", ORPHANAGE], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    orphan = psutil.Process(int(worker.stdout.readline()))
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert psutil.wait_procs([orphan], PATIENCE)[1] == []


def test_a_process_ends_when_there_is_nothing_to_do() -> None:
    """So an installation that rests keeps no memory for menus."""
    ours, theirs = Pipe()
    thread = Thread(target=serve, args=(theirs,), kwargs={"idle_seconds": 0.05})
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    ours.close()
    theirs.close()

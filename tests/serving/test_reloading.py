"""The old processes of the web server are stopped once the new ones can serve."""

from __future__ import annotations

import signal
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from mealplanner.serving import reloading


class Arbiter:
    """What of gunicorn's arbiter a reload uses: it forks two processes, then stops the older ones."""

    num_workers = 2

    def __init__(self) -> None:
        self.WORKERS = {age: SimpleNamespace(age=age) for age in (1, 2)}
        self.stopped: list[int] = []
        self.SIG_QUEUE: SimpleQueue[int] = SimpleQueue()

    def handle_hup(self) -> None:
        for age in (3, 4):
            self.WORKERS[age] = SimpleNamespace(age=age)
            reloading.pre_fork(self, self.WORKERS[age])
        self.manage_workers()

    def manage_workers(self) -> None:
        self.stopped = [age for age in self.WORKERS if age < 3]


@pytest.mark.parametrize("patience", [60.0, 0.0], ids=["until they can serve", "at most as long as a start may take"])
def test_a_reload_waits_for_the_new_processes(monkeypatch: pytest.MonkeyPatch, patience: float) -> None:
    arbiter = Arbiter()
    coming = [3, 4]

    def boot(_seconds: float) -> None:
        assert arbiter.stopped == []
        reloading.post_worker_init(arbiter.WORKERS[coming.pop(0)])

    monkeypatch.setattr("mealplanner.serving.reloading.time.sleep", boot)
    monkeypatch.setattr(reloading, "BOOT_SECONDS", patience)
    reloading.reload_gently(arbiter)
    arbiter.handle_hup()
    assert arbiter.stopped == [1, 2]
    assert coming == ([] if patience else [3, 4])
    assert arbiter.manage_workers.__func__ is Arbiter.manage_workers


def test_a_signal_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process that died, or the wish to stop, is looked at immediately."""
    arbiter = Arbiter()

    def die(_seconds: float) -> None:
        assert arbiter.SIG_QUEUE.empty()
        arbiter.SIG_QUEUE.put(signal.SIGCHLD)

    monkeypatch.setattr("mealplanner.serving.reloading.time.sleep", die)
    reloading.reload_gently(arbiter)
    arbiter.handle_hup()
    assert arbiter.stopped == [1, 2]

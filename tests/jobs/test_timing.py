"""The decisions about time that workers take."""

from __future__ import annotations

import pytest

from mealplanner.jobs.timing import Pulse, Timing, retry_wait


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 200), (2000, 200)])
def test_each_wait_is_twice_the_one_before_up_to_a_limit(attempt: int, seconds: float) -> None:
    assert retry_wait(attempt, Timing(retry=2, longest_retry=200)) == seconds


def test_jobs_get_their_time_before_docker_kills_the_worker() -> None:
    """Docker kills 10 s after SIGTERM, and handing a job back takes a moment."""
    timing = Timing()
    assert timing.grace + timing.patience + timing.connect <= 10


def test_a_worker_survives_a_few_lost_heartbeats() -> None:
    """One slow moment must not cost a worker its jobs."""
    timing = Timing()
    assert timing.stalled_after >= 3 * timing.heartbeat + timing.poll


@pytest.mark.parametrize(
    ("beats", "sure"),
    [
        ([(100, True)], False),
        ([(100, True), (104, True), (107, True)], False),
        ([(100, True), (104, True), (108, True)], True),
        ([(100, True), (104, False), (108, True)], False),
        ([(100, True), (104, False), (108, True), (112, True), (116, True)], True),
        ([(100, True), (104, True), (108, False)], False),
        ([(100, True), (108, True)], False),
        ([(100, True), (104, True), (500, True)], False),
        ([(100, True), (104, True), (500, True), (504, True), (508, True)], True),
        ([(100, True), (104, True), (50, True)], False),
    ],
    ids=[
        "just started",
        "not long enough",
        "long enough",
        "an outage between",
        "an outage, then long enough",
        "an outage now",
        "frozen since the start",
        "frozen for long",
        "frozen, then long enough",
        "the clock was put back",
    ],
)
def test_only_a_worker_that_was_connected_all_along_judges_others(beats: list[tuple[float, bool]], sure: bool) -> None:
    """After an outage or a suspension all heartbeats are old."""
    pulse = Pulse(stalled_after=8)
    assert [pulse.beat(now, reached=reached) for now, reached in beats][-1] is sure

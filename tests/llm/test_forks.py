"""A forked process uses nothing of its parent's and does not disturb its parent's calls."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from tests.fake_model.server import Asked, FakeModel
from tests.waiting import PATIENCE

pytestmark = pytest.mark.process


def test_a_call_in_flight_outlives_a_fork(fake: FakeModel) -> None:
    """The parent holds the only slot; the child asks at once, and does not keep the parent's connection open."""
    go_on = threading.Event()
    fake.during = lambda asked: go_on.wait(PATIENCE) if said(asked) == "hold" else None
    fake.script("last_words")
    command = [sys.executable, "-m", "tests.llm.forked", fake.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        fake.wait_for(1)
        process.stdin.write("fork\n")
        process.stdin.flush()
        assert process.stdout.readline() == "child ok\n"
        go_on.set()
        assert process.stdout.readline() == "parent ok\n"
        assert fake.requests[0].gone.wait(PATIENCE), "the connection is still open"
        process.communicate("end\n", timeout=PATIENCE)
    assert process.returncode == 0
    assert [said(asked) for asked in fake.requests] == ["hold", "child"]


def said(asked: Asked) -> str:
    """Return the user's message of a request."""
    return str(asked.body["messages"][1]["content"])

"""A child of `mealplanner up` ends with its parent, by the kernel on Linux and by looking elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

PARENT = """
import os, subprocess, sys

child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2], str(os.getpid())], stdout=1)
sys.stdin.readline()
os._exit(0)
"""

CHILD = """
import signal, sys, time

sys.platform = sys.argv[1]
from mealplanner.cli.child import end_with

signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
end_with(int(sys.argv[2]), signal.SIGTERM)
print("running", flush=True)
while True:
    time.sleep(0.1)  # a signal may arrive just before
"""

ORPHAN = """
import psutil, signal, sys
from mealplanner.cli.child import end_with

def end(*_):
    over = not psutil.pid_exists(parent) or psutil.Process(parent).status() == psutil.STATUS_ZOMBIE
    sys.exit(f"ended {'after' if over else 'before'} its parent")

parent = int(sys.argv[2])
signal.signal(signal.SIGTERM, end)
print("told", flush=True)
end_with(parent, signal.SIGTERM)
"""


@pytest.mark.parametrize("platform", [sys.platform, "darwin"])
def test_a_child_is_told_when_its_parent_ends(platform: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, platform],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "running\n"
    assert parent.communicate("\n") == ("", "ended\n")  # which waits for the end of the child, who has its output open


@pytest.mark.parametrize("platform", [sys.platform, "darwin"])
def test_a_child_whose_parent_has_ended_already_ends(platform: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", ""])
    parent.wait()
    command = [sys.executable, "-c", CHILD, platform, str(parent.pid)]
    orphan = subprocess.run(command, capture_output=True, text=True, check=False)
    assert orphan.stderr == "ended\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, a process has a new parent once its own has ended")
def test_a_child_ends_only_after_the_last_thread_of_its_parent() -> None:
    """One that ended earlier would find the locks of its parent still held. The parent here ends slowly: on request."""
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True)
    command = [sys.executable, "-c", ORPHAN, sys.platform, str(parent.pid)]
    orphan = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert orphan.stdout is not None
    assert orphan.stdout.readline() == "told\n"
    parent.communicate("\n")
    assert orphan.communicate() == ("", "ended after its parent\n")

"""A served installation: used as documented, and fuzzed. `python -m tests.openapi.fuzzing` fuzzes for longer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, data_directory
from tests.openapi.fuzzing import LENIENT, ROOT, Script, fuzz

COMMAND = re.compile(r"^(?:    )?(curl .*)$", re.MULTILINE)
DOCUMENTED = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    """Return a program of a person of an installation."""
    with data_directory() as data:
        running = Installation(data, MEALPLANNER_LENIENCY=LENIENT).await_ready()
        try:
            yield Script.of(running.address)
        finally:
            running.stop()


@pytest.mark.process
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_two_commands_read_and_change_a_menu(script: Script) -> None:
    """As they are written in the README, which docs/scripting.md repeats."""
    commands = COMMAND.findall((ROOT / "README.md").read_text())
    assert len(commands) == 2
    assert COMMAND.findall((ROOT / "docs/scripting.md").read_text()) == commands
    menu = script.plan()
    meal = menu["days"][-1]["meals"][-1]
    known = {"TOKEN": script.token, "MENU": menu["id"], "MEAL": meal["id"], "PATH": "/usr/bin:/bin"}
    answers = []
    for command in commands:
        assert DOCUMENTED in command
        served = command.replace(DOCUMENTED, script.address)
        done = subprocess.run(["sh", "-c", served], env=known, capture_output=True, text=True, check=True)
        answers.append(json.loads(done.stdout))
    before, after = answers
    assert (before["version"], after["version"]) == (1, 2)
    assert after["days"][-1]["meals"][-1]["recipe"]["id"] != meal["recipe"]["id"]


@pytest.mark.process
def test_schemathesis_finds_nothing(script: Script, tmp_path: Path) -> None:
    found = fuzz(script, tmp_path, "--phases", "coverage,fuzzing", "--max-examples", "4", "--seed", "1")
    assert found.returncode == 0, found.stdout + found.stderr

"""The units for systemd, as `systemd-analyze` reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).resolve().parents[2] / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]

MOST_EXPOSED = 20
"""In percent: `systemd-analyze security` gives them 14; a service without any hardening has 96."""

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with all units, in which the programs are those of this environment, and the user is root."""
    for unit in UNITS:
        text = unit.read_text().replace("/opt/mealplanner/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(re.sub("^(User|Group)=mealplanner$", r"\1=root", text, flags=re.MULTILINE))
    return tmp_path


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_has_no_mistake(folder: Path, unit: Path) -> None:
    """No setting is unknown and no program is missing."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", folder / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "mealplanner" in line] == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_hardened(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_as_its_own_user_with_the_settings_of_one_file(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert {"User=mealplanner", "EnvironmentFile=/etc/mealplanner.env", "StateDirectory=mealplanner"} <= set(lines)

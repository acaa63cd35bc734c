"""The locked requirements of a deployment fit what the package says that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKED = (ROOT / "deploy" / "requirements.txt").read_text()
LINES = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", LOCKED, re.MULTILINE)
PINS = {canonicalize_name(name): [Version(version) for other, version in LINES if other == name] for name, _ in LINES}
"""Package -> its version; several where they differ from Python to Python."""


def wanted() -> list[Requirement]:
    """Return what setup.cfg asks for."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return [Requirement(line) for line in setup["options"]["install_requires"].split("\n") if line]


def needed(requirement: Requirement, seen: set[str]) -> Iterator[str]:
    """Yield the packages that `requirement` brings here, by what the installed ones say."""
    name = canonicalize_name(requirement.name)
    extras = requirement.extras or {""}
    if name in seen and not requirement.extras:
        return
    seen.add(name)
    yield name
    try:
        asked = requires(name) or []
    except PackageNotFoundError:
        return
    for inner in map(Requirement, asked):
        marker = inner.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            inner.marker = None
            yield from needed(inner, seen)


def test_every_requirement_is_locked_in_its_range() -> None:
    """When this fails, run `deploy/lock`."""
    pinned = {str(requirement): PINS.get(canonicalize_name(requirement.name), []) for requirement in wanted()}
    outside = {
        text: versions
        for text, versions in pinned.items()
        if not versions or not all(version in Requirement(text).specifier for version in versions)
    }
    assert outside == {}


def test_what_the_requirements_need_is_locked_too() -> None:
    seen: set[str] = set()
    found = {name for requirement in wanted() for name in needed(requirement, seen)}
    assert len(found) > len(wanted())
    assert found - set(PINS) == set()


def test_every_file_has_its_hash_and_no_place_is_named() -> None:
    """Where packages come from is the deployment's to say."""
    entries = re.findall(
        r"^[A-Za-z0-9._-]+==[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCKED, re.MULTILINE
    )
    assert len(entries) == len(LINES)
    assert "://" not in LOCKED
    assert not re.search(r"^--", LOCKED, re.MULTILINE)

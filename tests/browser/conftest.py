"""A real browser in front of a real installation."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.installation import Installation, data_directory
from tests.waiting import PATIENCE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

playwright.expect.set_options(timeout=PATIENCE * 1000)  # milliseconds

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def options() -> list[str]:
    """Return what Chromium is started with."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Run `mealplanner up` for the tests of one file."""
    with data_directory() as data:
        running = Installation(data).await_ready()
        yield running
        running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Start the system's Chromium, headless. Meanwhile no other test may run an event loop: it has one."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser: install one of {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=executable, args=options(), timeout=PATIENCE * 1000)
        yield started
        started.close()

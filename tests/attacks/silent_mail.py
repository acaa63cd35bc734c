"""A mail server that accepts connections and never answers: the mails wait, and menus are made."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from tests.attacks.people import Person
from tests.attacks.result import Finding
from tests.attacks.targets import Target

MAILS = 12
LIMIT = 60.0
"""Seconds for a menu of one day, mails waiting."""


def attack(target: Target) -> Iterator[Finding]:
    """Register many accounts, each with a mail, and ask for a menu."""
    people = [Person(target).registered() for _ in range(MAILS)]
    began = time.monotonic()
    wish = {"start_date": "2026-11-30", "days": 1, "source": "catalogue", "seed": 1}
    status, _ = people[-1].send("/menu/", wish)
    state = "refused"
    if status < 400:
        menus = json.loads(people[-1].get("/menu/")[1])
        menu_id = menus["menus"][0]["id"]
        while time.monotonic() < began + 3 * LIMIT:
            state = json.loads(people[-1].get(f"/menu/{menu_id}/progress")[1])["status"]
            if state not in ("queued", "running"):
                break
            time.sleep(0.2)
    taken = time.monotonic() - began
    measured = f"{state} after {taken:.0f} s beside {MAILS} mails"
    yield Finding("silent mail server", "a menu", measured, f"{LIMIT:.0f} s", state == "ready" and taken < LIMIT)

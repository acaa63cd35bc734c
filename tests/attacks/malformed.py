"""Bodies of the wrong shape: each is refused with the right status, and none causes a server error."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.attacks.people import Person
from tests.attacks.result import Finding
from tests.attacks.targets import Target

WRONG: tuple[Any, ...] = (
    *({}, [], [{}], [[]], None, True, 1e308, -1, "", "\u0000", "\u202e", "\u0660\u0668:\u0660\u0660", "08:00\n"),
    *("1,8,0,0", "NaN", {"a": {"b": {}}}, ["x"] * 2000, "x" * 5000),
)

PATHS = {
    "/preferences": None,
    "/menu/": {"start_date": "2026-11-30", "days": 7, "source": "catalogue", "seed": 1},
    "/auth/login": {"email": "a@example.org", "password": "a long enough one"},
    "/auth/register": {"email": "a@example.org", "password": "a long enough one"},
    "/auth/forgot": {"email": "a@example.org"},
    "/auth/account/settings": {"time_zone": "UTC", "units": "metric"},
    "/auth/account/email": {"email": "b@example.org", "present_password": "a long enough one"},
    "/auth/account/password": {"password": "a long enough one", "present_password": "a long enough one"},
}


def attack(target: Target) -> Iterator[Finding]:
    """Put every wrong value into every field of every form."""
    for path, body in PATHS.items():
        member = Person(target).registered()
        right = json.loads(member.get(path)[1]) if body is None else body
        statuses: Counter[int] = Counter()
        for field in right:
            for value in WRONG:
                status, _ = member.send(path, {**right, field: value})
                statuses[status] += 1
                if path == "/preferences" and status < 400:
                    right = json.loads(member.get(path)[1])
        for value in WRONG:
            statuses[member.send(path, value)[0]] += 1
        broken = sum(count for status, count in statuses.items() if status >= 500)
        yield Finding("malformed", path, f"{broken} of {statuses.total()} are 5xx", "0", broken == 0)

"""A clock that was once ahead: what it wrote must not lock people out for as long as it was wrong."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.people import PASSWORD, WRONG, Person, sql
from tests.attacks.result import Finding
from tests.attacks.targets import Target


def attack(target: Target) -> Iterator[Finding]:
    """Fail a few times, set what was counted ten years ahead, and sign in."""
    owner = Person(target).registered()
    for _ in range(3):
        Person(target).send("/auth/login", email=owner.email, password=WRONG)
    sql(target, "UPDATE throttles SET at = at + interval '10 years'")
    status, _ = Person(target).send("/auth/login", email=owner.email, password=PASSWORD)
    yield Finding("clocks", "counted ten years ahead, then signing in", f"status {status}", "below 400", status < 400)
    status, _ = Person(target).send("/auth/register", email="late@example.org", password=PASSWORD)
    yield Finding("clocks", "counted ten years ahead, then registering", f"status {status}", "below 400", status < 400)

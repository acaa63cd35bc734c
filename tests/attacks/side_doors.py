"""Ways past a rule of the proxy, past a counter, and past the budget of a page that needs no sign-in."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import NullPool, create_engine, text

from tests.attacks.people import WRONG, Person
from tests.attacks.result import Finding
from tests.attacks.targets import Target
from tests.benchmarks.tables import share

LOOKS = 200
LIMIT = 0.1
"""Seconds within which 95 of 100 looks at `/readyz` are answered, beside whatever else the machine does."""


def attack(target: Target) -> Iterator[Finding]:
    """Ask for the figures below a made-up prefix, guess while the counter is locked, and ask often for `/readyz`."""
    visitor = Person(target)
    status, answer = visitor.get("/x/metrics", SCRIPT_NAME="/x")
    served = status == 200 and "mealplanner_" in answer
    yield Finding("side doors", "/x/metrics with SCRIPT_NAME", f"status {status}", "no figures", not served)
    yield _locked_counter(target)
    times = []
    for _ in range(LOOKS):
        began = time.monotonic()
        visitor.get("/readyz")
        times.append(time.monotonic() - began)
    worst = share(times, 0.95)
    yield Finding("side doors", "/readyz, often", f"{worst * 1000:.1f} ms", f"{LIMIT * 1000:.0f} ms", worst < LIMIT)


def _locked_counter(target: Target) -> Finding:
    owner = Person(target).registered()
    Person(target).send("/auth/login", email=owner.email, password=WRONG)
    engine = create_engine(target.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM throttles FOR UPDATE"))
        status, _ = Person(target).send("/auth/login", email=owner.email, password=WRONG)
        connection.rollback()
    engine.dispose()
    return Finding("side doors", "a guess while the counter is locked", f"status {status}", "503", status == 503)

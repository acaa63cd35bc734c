"""One member who stores as much as is allowed, and asks for it again and again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

from tests.attacks.people import Person, sql
from tests.attacks.result import Finding
from tests.attacks.targets import Target
from tests.benchmarks.tables import share

READERS = 16
SECONDS = 8.0
LIMIT = 1.0
"""Seconds within which 95 of 100 looks at `/healthz` are answered while two cores are busy with pages."""

IDLE = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'mealplanner' AND state = 'idle in transaction' AND now() - state_change > interval '1 s'
"""

TERMS = ("a;b;c;d;e;f;g;h;i;j;k;l;m;n", "olives and dairy products", "xyzzy plugh", "no tree nuts, please")


def attack(target: Target) -> Iterator[Finding]:
    """Store the most dislikes that are accepted, and have many ask for the page at once."""
    member = Person(target).registered()
    count = store_most(member)
    over, pages = threading.Event(), []

    def read() -> None:
        while not over.is_set():
            pages.append(member.get("/preferences", accept="text/html")[0])

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    times, idle = [], 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        Person(target).get("/healthz")
        times.append(time.monotonic() - began)
        idle = max(idle, sql(target, IDLE)[0][0])
    over.set()
    for reader in readers:
        reader.join()
    worst = share(times, 0.95)
    served = f"{worst * 1000:.0f} ms for /healthz beside {len(pages)} pages of {count} dislikes"
    yield Finding("largest input", "others wait", served, f"{LIMIT * 1000:.0f} ms", worst < LIMIT)
    yield Finding("largest input", "connections idle in a transaction", f"{idle} at most", "0", idle == 0)


def store_most(member: Person) -> int:
    """Store as many dislikes as are accepted, and return how many."""
    stored = json.loads(member.get("/preferences")[1])
    for count in (400, 200, 100, 60, 40, 20, 10):
        terms = [f"{TERMS[number % len(TERMS)]} {number}" for number in range(count)]
        if member.send("/preferences", {**stored, "disliked_ingredients": terms})[0] < 400:
            return count
    raise AssertionError("not even ten dislikes are accepted")

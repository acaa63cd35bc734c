"""Compare the product with other designs: `python -m tests.benchmarks.requests`, from the root.

It needs the extra `bench`. Start one PostgreSQL and, with the same settings, one gunicorn for each contender of
`tests/benchmarks/contenders.py`; send each the same requests over kept connections, in short rounds that take turns, so
that other work of the machine affects all alike. Print tables in Markdown: requests a second, latencies, and the CPU
time of a request, of gunicorn's processes and of PostgreSQL's, which is most reliable on a machine that is shared. Then
measure the layers of one page, and how a view that asks a slow model affects others. `--quick` takes a minute.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import os
import platform
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from sqlalchemy import text

from tests.benchmarks import layers, slow_calls
from tests.benchmarks.contest import Contest, Serving, contest
from tests.benchmarks.load import BROWSER, Load, Request, Round
from tests.benchmarks.tables import Figures, comparison, times

CONTENDERS: Mapping[str, str] = {
    "hello world": "hello",
    "by hand": "raw",
    "by hand, psycopg_pool": "pooled",
    "Flask-SQLAlchemy": "flask_sqlalchemy",
    "ours": "ours",
    "ours, first view": "ours_forgetful",
    "ours, not modified": "ours",
    "by hand, not modified": "pooled",
}
"""Name in the tables -> the function that makes it."""

HELLO, BY_HAND, POOLED, OURS = "hello world", "by hand", "by hand, psycopg_pool", "ours"
FIRST, KEPT, KEPT_BY_HAND = "ours, first view", "ours, not modified", "by hand, not modified"
VIEWS = (FIRST, KEPT, KEPT_BY_HAND)
"""Measured where views are compared."""

TARGETS: Mapping[str, float | None] = {FIRST: 1.0, OURS: 0.5, KEPT: 0.35, KEPT_BY_HAND: None}
"""How many times the CPU of the page by hand with a pool a view may cost; None for one that is there to compare."""


@dataclass(frozen=True)
class Case:
    """One kind of request, and the status that it should be answered with.

    The contenders take `turns`, after one that is not counted if the case is to be `warm`. `views`: also measure ours
    when nothing is remembered, and when the browser has kept the page.
    """

    name: str
    title: str
    expected: int
    turns: int
    warm: bool
    views: bool = False


CASES = (
    Case("week", "Reading the page of a week", 200, turns=3, warm=True, views=True),
    Case("save", "Saving preferences", 303, turns=3, warm=True),
    Case("login", "Signing in", 303, turns=1, warm=False),
)

SECRETS = re.compile(r'(csrf[-_]token"[^>]*(?:content|value)=")[^"]*')


def main() -> int:
    """Read the command line, and run everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: about a minute")
    quick = parser.parse_args().quick
    missing = [name for name in ("flask_sqlalchemy", "psycopg_pool") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"These are not installed: {', '.join(missing)}. Install them with: pip install -e '.[bench]'")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave no process behind
    began = time.monotonic()
    for line in _run(concurrencies=(1, 16) if quick else (1, 16, 64), seconds=0.4 if quick else 1.2, quick=quick):
        print(line, flush=True)
    print(f"\nall of it took {time.monotonic() - began:.0f} s")
    return 0


def _run(*, concurrencies: Sequence[int], seconds: float, quick: bool) -> Iterator[str]:
    with contest(max(concurrencies)) as arena:
        with ExitStack() as stack:
            load = stack.enter_context(Load())
            started = {
                app: stack.enter_context(arena.serving(app, f"tests.benchmarks.contenders:{app}()"))
                for app in dict.fromkeys(CONTENDERS.values())
            }
            for web in started.values():
                web.await_answer()
            webs = {name: started[app] for name, app in CONTENDERS.items()}
            yield from _about(arena.database.run(lambda session: session.scalar(text("SHOW server_version"))))
            pages = {name: _page(web, arena.week(1)[0]) for name, web in webs.items() if name != HELLO}
            different = [name for name, page in pages.items() if page != pages[OURS]]
            assert not different, f"These do not show the page that ours shows: {different}"
            for case in CASES:
                taking_part = {name: web for name, web in webs.items() if case.views or name not in VIEWS}
                turns = 1 if quick else case.turns
                found = _play(arena, taking_part, load, case, concurrencies, seconds, turns=turns)
                yield f"\n### {case.title}\n"
                yield from comparison(found, hello=HELLO, by_hand=BY_HAND)
                if case.views:
                    yield f"\nWeb CPU, in times that of {POOLED}:\n"
                    yield from times(found, base=POOLED, targets=TARGETS)
        yield "\n### The views without gunicorn\n"
        yield from layers.views(arena, turns=10 if quick else 60)
        yield "\n### The layers of the page\n"
        yield from layers.measure(arena, turns=10 if quick else 60)
        yield "\n### A slow call\n"
        yield from slow_calls.compare(arena, people=20 if quick else 60, seconds=0.5 if quick else 2.0)


def _play(
    arena: Contest,
    webs: Mapping[str, Serving],
    load: Load,
    case: Case,
    concurrencies: Sequence[int],
    seconds: float,
    *,
    turns: int,
) -> dict[tuple[int, str], Figures]:
    """Measure every contender at every concurrency."""
    found = {(at_once, name): Figures() for at_once in concurrencies for name in webs}

    def take_turn(name: str, at_once: int, figures: Figures) -> None:
        web = webs[name]
        what = _round(arena, web, case, at_once, seconds)
        _measure(arena, web, load, _kept(web, what) if name in (KEPT, KEPT_BY_HAND) else what, figures)

    if case.warm:
        for name in webs:
            take_turn(name, concurrencies[-1], Figures())
    for _ in range(turns):
        for (at_once, name), figures in found.items():
            take_turn(name, at_once, figures)
    return found


def _round(arena: Contest, web: Serving, case: Case, at_once: int, seconds: float) -> Round:
    if web.name == CONTENDERS[HELLO]:
        return Round(
            address=web.address, requests=[Request(method="GET", path="/")] * at_once, seconds=seconds, expected=200
        )
    requests: list[Request] = getattr(arena, case.name)(at_once)
    return Round(address=web.address, requests=requests, seconds=seconds, expected=case.expected)


def _kept(web: Serving, what: Round) -> Round:
    """Return the same round by browsers that have kept the page."""
    requests = [replace(request, etag=_answer(web, request)[1] or "") for request in what.requests]
    return replace(what, requests=requests, expected=304)


def _measure(arena: Contest, web: Serving, load: Load, what: Round, figures: Figures) -> None:
    server, database = web.cpu(), arena.database_cpu()
    answers = load.send(what)
    figures.server += web.cpu() - server
    figures.database += arena.database_cpu() - database
    figures.elapsed += answers.elapsed
    figures.latencies += answers.latencies
    figures.errors += len(answers.errors)


def _page(web: Serving, request: Request) -> str:
    """Return a page without what differs from one answer to the next."""
    return SECRETS.sub(r"\1", _answer(web, request)[0])


def _answer(web: Serving, request: Request) -> tuple[str, str | None]:
    """Return a page and its ETag."""
    connection = http.client.HTTPConnection(*web.address, timeout=30)
    connection.request("GET", request.path, headers={"Cookie": request.cookie, "User-Agent": BROWSER})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return text, answer.getheader("ETag")


def _about(postgresql: str | None) -> Iterator[str]:
    yield f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {postgresql}"


if __name__ == "__main__":
    sys.exit(main())

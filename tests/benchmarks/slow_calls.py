"""A view that asks a slow model, in three designs: with its connection held, released, and as a job of the queue.

Many people ask at once while others read a page. The views are those of `tests.faults.served`, in the whole product.
`python -m tests.benchmarks.requests` measures this among others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.benchmarks.contest import Contest, Serving
from tests.benchmarks.tables import markdown, share
from tests.faults.postgres import SCHEMA, Postgres
from tests.faults.programs import Worker
from tests.faults.remote import Remote
from tests.waiting import eventually

POOL = 5
READ = ["sql", "SELECT count(*) FROM marks"]

HELD = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mealplanner' AND xact_start IS NOT NULL"

HEAD = (
    "design", "all done s", "answer p50 s", "refused", "written", "connections held p50", "most", "others p50 ms",
    "p95 ms", "others refused",
)  # fmt: skip

Design = Callable[[str, str], list[Any]]
"""What the view does: from the model's address and the name of the mark that it writes at the end."""

DESIGNS: Mapping[str, Design] = {
    "connection held": lambda model, name: [READ, ["call", model], _write(name)],
    "released": lambda model, name: [READ, ["release"], ["call", model], _write(name)],
    "queued as a job": lambda model, name: [["enqueue", model, name]],
}


@dataclass
class Outcome:
    """What people got. Seconds; `held` are counts of connections in a transaction, sampled all the time."""

    finished: float = 0.0
    answers: list[float] = field(default_factory=list)
    refused: int = 0
    done: int = 0
    held: list[int] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    others_refused: int = 0


def compare(arena: Contest, *, people: int, seconds: float) -> Iterator[str]:
    """Run all three, and print a table."""
    postgres = Postgres(arena.server)
    postgres.run(SCHEMA)
    limits = {"MEALPLANNER_POOL_SIZE": str(POOL), "MEALPLANNER_POOL_OVERFLOW": "0"}
    options = ("--workers", "1", "--threads", str(people + 4))
    worker = Worker({**arena.settings, **limits}, arena.folder / "worker.log", concurrency=people)
    web = arena.serving("slow", "tests.faults.served:app", *options, **limits)
    with _slow_model(seconds) as model, worker, web as serving:
        serving.await_answer()
        found = {name: _ask(serving, postgres, design, model, people) for name, design in DESIGNS.items()}
    yield f"{people} people at once, a model that takes {seconds:g} s, a pool of {POOL}, one process"
    yield ""
    yield from markdown(HEAD, [_row(name, outcome) for name, outcome in found.items()])


def _row(name: str, outcome: Outcome) -> list[str]:
    return [
        name,
        f"{outcome.finished:.1f}",
        f"{share(outcome.answers, 0.5):.2f}",
        str(outcome.refused),
        str(outcome.done),
        *(f"{share(outcome.held, part):.0f}" for part in (0.5, 1.0)),
        *(f"{1000 * share(outcome.others, part):.0f}" for part in (0.5, 0.95)),
        str(outcome.others_refused),
    ]


def _ask(serving: Serving, postgres: Postgres, design: Design, model: str, people: int) -> Outcome:
    outcome, stop, lock = Outcome(), threading.Event(), threading.Lock()
    postgres.run("DELETE FROM marks")
    visitors = [Remote(serving.address, "-") for _ in range(people)]
    for visitor in visitors:
        visitor._token, visitor.cookies = visitors[0].token(), visitors[0].cookies
    beside = [threading.Thread(target=_watch, args=(postgres, outcome, stop))]
    beside.append(threading.Thread(target=_read, args=(serving, outcome, stop)))
    for thread in beside:
        thread.start()
    began = time.monotonic()

    def ask(number: int) -> None:
        status = visitors[number].run(*design(model, f"mark {number}")).status
        with lock:
            outcome.answers.append(time.monotonic() - began)
            outcome.refused += status != 200

    with ThreadPoolExecutor(people) as threads:
        list(threads.map(ask, range(people)))
    eventually(lambda: len(postgres.marks()) == people - outcome.refused)
    outcome.finished = time.monotonic() - began
    stop.set()
    for thread in beside:
        thread.join()
    outcome.done = len(postgres.marks())
    return outcome


def _watch(postgres: Postgres, outcome: Outcome, stop: threading.Event) -> None:
    with postgres.connect() as connection:
        while not stop.wait(0.02):
            (found,) = connection.execute(HELD).fetchall()
            outcome.held.append(found[0])


def _read(serving: Serving, outcome: Outcome, stop: threading.Event) -> None:
    """Open a page again and again, as another person."""
    reader = Remote(serving.address, "-")
    while not stop.wait(0.05):
        began = time.monotonic()
        outcome.others_refused += reader.get("/probe/").status != 200
        outcome.others.append(time.monotonic() - began)


@contextmanager
def _slow_model(seconds: float) -> Iterator[str]:
    """Answer each caller after so long, however many there are; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            time.sleep(seconds)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 512
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def _write(name: str) -> list[str]:
    return ["sql", f"INSERT INTO marks VALUES ('{name}')"]

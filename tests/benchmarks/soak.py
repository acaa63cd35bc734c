"""Use the site under faults for some minutes: `python -m tests.benchmarks.soak --minutes 3 --seed 1`, from the root.

Start PostgreSQL, gunicorn with two workers and two job workers; have people use them from several threads while random
faults occur; end with a report and checks. The exit code is 1 if a check fails. The seed decides what people do and
which faults occur; the timing depends on the machine. Only loopback and a unix socket are used.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tests.benchmarks import soak_report
from tests.benchmarks.soak_checks import Checks, log_lines
from tests.benchmarks.soak_faults import Faults
from tests.benchmarks.soak_ledger import Ledger
from tests.benchmarks.soak_people import Person
from tests.benchmarks.soak_site import Site, running
from tests.benchmarks.soak_watch import Requests, Watch

Enough = Callable[[float, Sequence[Person], Faults], bool]
"""Whether a soak has gone on for long enough: by the seconds, by what people have done, by what has gone wrong."""


def soak(
    enough: Enough,
    *,
    seed: int,
    people: int = 8,
    pause: float = 5.0,
    restarts: bool = True,
    postgres: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Run one soak and print its report; return the names of the checks that failed.

    `pause` is the mean time in seconds between two faults; without `restarts`, PostgreSQL and the job workers stay up.
    `postgres` are settings of the server.
    """
    ledger, stop = Ledger(), threading.Event()
    with running(postgres) as site:
        crowd = [Person(("127.0.0.1", site.port), ledger, f"{seed}-{number}", stop) for number in range(people)]
        faults = Faults(site, f"{seed}-faults", stop, pause=pause, restarts=restarts)
        threads: list[Person | Faults] = [*crowd, faults]
        with Watch(site) as watch:
            for thread in threads:
                thread.start()
            try:
                while all(thread.is_alive() for thread in threads):
                    if enough(time.monotonic() - watch.began, crowd, faults):
                        break
                    stop.wait(0.1)
            finally:
                stop.set()
                for thread in threads:
                    thread.join()
            lasted = time.monotonic() - watch.began
        for thread in threads:
            if thread.error is not None:
                raise thread.error
        _print_course(Requests.together(person.requests for person in crowd), lasted, faults, watch)
        return _check(site, ledger)


def _print_course(total: Requests, lasted: float, faults: Faults, watch: Watch) -> None:
    print("\n".join(soak_report.requests(total, lasted)))
    print("\nfaults: " + ", ".join(f"{count} x {name}" for name, count in sorted(faults.done.items())))
    print("\n" + "\n".join(soak_report.course(watch)))


def _check(site: Site, ledger: Ledger) -> list[str]:
    failed = []
    began = time.monotonic()
    print("\nchecks")
    checks = Checks(site, ledger)
    for name, wrong in checks.all():
        print(f"  {'FAILED' if wrong else 'ok':<6}  {name}")
        print("".join(f"            {what}\n" for what in wrong[:10]), end="")
        if wrong:
            failed.append(name)
    print(f"  {checks.numbers()}, checked within {time.monotonic() - began:.0f} s")
    print("\nlogged\n" + "\n".join(soak_report.logged(log_lines(site))))
    return failed


def main() -> int:
    """Read the command line and run one soak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=8, help="threads that use the site")
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two faults, on average")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave no process behind
    failed = soak(
        lambda seconds, *_: seconds >= 60 * asked.minutes, seed=asked.seed, people=asked.people, pause=asked.pause
    )
    print("\n" + (f"{len(failed)} checks failed" if failed else "all checks hold"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

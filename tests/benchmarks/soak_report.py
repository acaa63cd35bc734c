"""What a soak found, as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from tests.benchmarks.soak_ledger import Outcome
from tests.benchmarks.soak_watch import Requests, Sample, Watch

PERIOD = 10.0
"""Seconds that one line of the course tells about."""

STATES = ("active", "in_transaction", "idle", "queue")

WORDS = {
    Outcome.KEPT: "answered below 400",
    Outcome.REFUSED: "refused (4xx)",
    Outcome.BUSY: "503, nothing was saved",
    Outcome.UNKNOWN: "no answer, or 503 with an unknown outcome",
    Outcome.FAILED: "500",
}


def requests(total: Requests, seconds: float) -> Iterator[str]:
    """Count requests by how they ended, and time them by kind."""
    number = sum(total.outcomes.values())
    yield f"{number:,} requests in {seconds:.0f} s, {number / seconds:.0f} a second"
    yield f"longest time without an answer: {total.longest_gap():.1f} s"
    yield from (f"  {total.outcomes[outcome]:>7,}  {words}" for outcome, words in WORDS.items())
    statuses = ", ".join(f"{status} {count:,}" for status, count in sorted(total.statuses.items()))
    yield f"  by status: {statuses}"
    yield ""
    yield f"{'milliseconds':<34}{'number':>8}{'median':>8}{'95 %':>8}{'99 %':>8}{'most':>8}"
    for label, times in sorted(total.seconds.items()):
        figures = "".join(f"{1000 * share(times, part):>8.0f}" for part in (0.5, 0.95, 0.99, 1.0))
        yield f"{label:<34}{len(times):>8,}{figures}"


def course(watch: Watch) -> Iterator[str]:
    """Return every period's most connections, and its median of memory: hashing a password takes 64 MB for a moment."""
    yield "seconds   active  in tx   idle  queue  in use   web MB  jobs MB"
    for number, samples in enumerate(watch.periods(PERIOD)):
        seen = [sample.backends for sample in samples if sample.backends is not None]
        states = [max((look[state] for look in seen), default=0) for state in STATES]
        in_use = max((sample.in_use for sample in samples if sample.in_use is not None), default=0.0)
        memory = [_median(samples, kind) for kind in ("web", "jobs")]
        counts = "".join(f"{count:>7}" for count in states)
        yield f"{number * PERIOD:>7.0f}  {counts} {in_use:>7.0f} {memory[0]:>8.0f} {memory[1]:>8.0f}"


def logged(lines: Iterable[dict[str, str]]) -> Iterator[str]:
    """Return what the programs logged, without its numbers, and how often."""
    said = Counter((line["levelname"], line["name"], _kind(line["message"])) for line in lines)
    for (level, name, message), number in said.most_common(25):
        yield f"  {number:>6,}  {level} {name}: {message}"


def share(values: Sequence[float], part: float) -> float:
    """Return the value that this part of the others does not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def _median(samples: Sequence[Sample], kind: str) -> float:
    return median(sample.memory[kind] for sample in samples) if samples else 0.0


def _kind(message: str) -> str:
    """Return the first line of a message with all that varies left out."""
    first = message.split("\n")[0]
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+(\.\d+)?", "#", first)[:110]

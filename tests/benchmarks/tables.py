"""Figures of a benchmark, added up and printed: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Figures:
    """What one contender did in one case at one concurrency, summed over its rounds. Seconds throughout.

    `server` is user and system time of all processes of gunicorn, `database` of all processes of PostgreSQL.
    """

    elapsed: float = 0.0
    server: float = 0.0
    database: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        """Return the requests that were answered as expected, a second."""
        return len(self.latencies) / self.elapsed if self.elapsed else 0.0

    @property
    def server_cpu(self) -> float:
        """Return the CPU seconds of the web server for one request."""
        return self.server / len(self.latencies) if self.latencies else 0.0

    @property
    def database_cpu(self) -> float:
        """Return the CPU seconds of PostgreSQL for one request."""
        return self.database / len(self.latencies) if self.latencies else 0.0


def share(values: Iterable[float], part: float) -> float:
    """Return the value that this part of the others does not exceed; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def ratio(one: float, other: float) -> str:
    """Return how many times the other it is; a dash where there is nothing to compare with."""
    return f"{one / other:.2f}" if one and other else "-"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return a table with aligned columns, numbers to the right."""
    table = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    left = [any(row[column][:1].isalpha() for row in rows) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = (
            cell.ljust(width) if words else cell.rjust(width)
            for cell, width, words in zip(row, widths, left, strict=True)
        )
        return f"| {' | '.join(cells)} |"

    yield line(table[0])
    marks = ("-" * width if words else "-" * (width - 1) + ":" for width, words in zip(widths, left, strict=True))
    yield f"| {' | '.join(marks)} |"
    yield from (line(row) for row in table[1:])


HEAD = (
    "at once", "contender", "requests/s", "p50 ms", "p95 ms", "web CPU ms", "to hello", "to by hand", "database CPU ms",
    "errors",
)  # fmt: skip


def comparison(found: Mapping[tuple[int, str], Figures], *, hello: str, by_hand: str) -> Iterator[str]:
    """One case as a table: `found` maps concurrency and contender to figures. Ratios are of the web server's CPU time
    for a request, against `hello` and `by_hand` at the same concurrency."""

    def row(at_once: int, name: str, figures: Figures) -> list[str]:
        base = {other: found.get((at_once, other), Figures()).server_cpu for other in (hello, by_hand)}
        return [
            str(at_once),
            name,
            f"{figures.rate:,.0f}",
            *(f"{1000 * share(figures.latencies, part):,.1f}" for part in (0.5, 0.95)),
            f"{1000 * figures.server_cpu:.2f}",
            *(ratio(figures.server_cpu, base[other]) for other in (hello, by_hand)),
            f"{1000 * figures.database_cpu:.2f}",
            str(figures.errors),
        ]

    return markdown(HEAD, [row(at_once, name, figures) for (at_once, name), figures in found.items()])


def times(found: Mapping[tuple[int, str], Figures], *, base: str, targets: Mapping[str, float | None]) -> Iterator[str]:
    """The contenders in `targets` as a table: the CPU of the web server in times that of `base`, by concurrency."""
    concurrencies = dict.fromkeys(at_once for at_once, _ in found)
    head = ("contender", *(f"{at_once} at once" for at_once in concurrencies), "target")

    def row(name: str, target: float | None) -> list[str]:
        pairs = [(found[at_once, name], found[at_once, base]) for at_once in concurrencies]
        return [
            name,
            *(ratio(one.server_cpu, other.server_cpu) for one, other in pairs),
            "-" if target is None else f"{target:.2f}",
        ]

    return markdown(head, [row(name, target) for name, target in targets.items()])

"""Calls that begin together, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from tests.waiting import PATIENCE

T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Return what each of `calls` returns."""
    start = Barrier(len(calls), timeout=PATIENCE)

    def begin(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begin, calls))


def map_at_once(work: Callable[..., T], *arguments: Iterable[Any]) -> list[T]:
    """Return what `map(work, *arguments)` does."""
    return at_once(*(partial(work, *row) for row in zip(*arguments, strict=True)))

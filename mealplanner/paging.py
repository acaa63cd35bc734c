"""Lists in parts. A part begins after the last item of the one before, which its address names by what the list is
sorted by: so each part costs the same, and nothing is left out or shown twice when the list changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_BETWEEN: Final = "~"


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some items of a list, and where the next part begins; None at the end of the list."""

    items: Sequence[T]
    after: str | None = None
    total: int | None = None
    """How many there are in all, where that is known."""


def part_of(found: Sequence[T], most: int, place: Callable[[T], tuple[Any, ...]]) -> Part[T]:
    """Return the first `most` of what was found, which is read up to `most + 1` to know whether there is more."""
    items = found[:most]
    return Part(items, cursor(place(items[-1])) if len(found) > most else None)


def cursor(place: tuple[Any, ...]) -> str:
    """Return a place in a list as an address names it."""
    return _BETWEEN.join(map(str, place))


def place_of(text: str, kinds: Sequence[Callable[[str], Any]]) -> tuple[Any, ...]:
    """Return the place that `text` names, each of its parts read by one of `kinds`. Raise `ValueError`."""
    words = text.split(_BETWEEN)
    if len(words) != len(kinds):
        raise ValueError(text)
    return tuple(kind(word) for kind, word in zip(kinds, words, strict=True))


def numbered(found: Sequence[T], number: int, most: int) -> Part[T]:
    """Return page `number`, from 1, of a list that is sorted here."""
    begin = (number - 1) * most
    return Part(found[begin : begin + most], str(number + 1) if len(found) > begin + most else None, len(found))

"""The links between the parts of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from flask import request, url_for

from mealplanner.paging import Part
from mealplanner.web.pages import DeferredResponse, json_answer

_CHOOSES: Final = frozenset({"q", "about"})
"""What a page may be asked for besides, which decides what is on the list."""


class Links(NamedTuple):
    """Where a list begins, unless this is its beginning, and where it goes on, unless this is its end."""

    first: str | None
    next: str | None


def links(part: Part[Any], endpoint: str, *, by: str = "after", **arguments: Any) -> Links:
    """Return the links of `part`, which the page of `endpoint` shows; `by` is the field that says where it begins."""
    address = {**arguments, **{name: request.args[name] for name in _CHOOSES & request.args.keys()}}
    first = url_for(endpoint, **address) if by in request.args else None
    return Links(first, url_for(endpoint, **address | {by: part.after}) if part.after else None)


def json_part(
    part: Callable[[], Part[Any]], build: Callable[[Part[Any]], Mapping[str, Any]], endpoint: str, **options: Any
) -> DeferredResponse:
    """Return what `build` makes of a part as JSON, with the address of the `next` one or null."""

    def document() -> dict[str, Any]:
        found = part()
        return {**build(found), "next": links(found, endpoint, **options).next}

    return json_answer(document)

"""The download of everything, written part by part.

Each part is read in a short transaction of its own, and no connection is held while a part is turned into text or sent,
however slow the client is. So the parts are of different moments, which the document names: `begun_at` and `ended_at`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from mealplanner.auth.accounts import Account
from mealplanner.client import utc_now
from mealplanner.personal_data import services
from mealplanner.personal_data.presentation import everything_json
from mealplanner.personal_data.sections import SECTIONS
from mealplanner.storage.database import Database
from mealplanner.telemetry.scope import Scope, scoped

T = TypeVar("T")

GZIP = 31
"""The window of a stream in the format of gzip."""


def document(database: Database, account: Account, scope: Scope) -> Iterator[str]:
    """Yield the JSON document of everything about a person; what is in memory at a time is one part."""
    read = partial(_read, database, scope)
    begun = utc_now().isoformat()
    yield f'{{"begun_at": {_json(begun)}'
    for name, value in everything_json(read(services.everything, account)).items():
        yield f", {_json(name)}: {_json(value)}"
    for name, section in SECTIONS.items():
        yield f", {_json(name)}: ["
        place, between = None, ""
        while True:
            present, place = read(section, account, place)
            for value in present():
                yield between + _json(value)
                between = ", "
            if place is None:
                break
        yield "]"
    yield f', "ended_at": {_json(utc_now().isoformat())}}}'


def gzipped(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield the compressed pieces of a text."""
    packer = zlib.compressobj(wbits=GZIP)
    for text in texts:
        if piece := packer.compress(text.encode()):
            yield piece
    yield packer.flush()


def _read(database: Database, scope: Scope, work: Callable[..., T], *arguments: object) -> T:
    """Read in a transaction of its own. The scope is entered for as long only: the server runs what lies between."""
    with scoped(scope), database.unit_of_work(read_only=True) as unit:
        value = work(unit.session, *arguments)
        unit.conclude(keep=True)
        return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

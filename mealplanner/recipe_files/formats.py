"""The kinds of files that recipes are sent as. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mealplanner.recipe_files import mealie, paprika, schema_org, tandoor
from mealplanner.recipe_files.values import Portable


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `write` is given the day of today."""

    suffix: str
    mimetype: str
    write: Callable[[Sequence[Portable], datetime.date], bytes]


FORMATS: Final[Mapping[str, Format]] = {
    "mealie": Format(".zip", "application/zip", lambda recipes, _: mealie.written(recipes)),
    "tandoor": Format(".zip", "application/zip", lambda recipes, _: tandoor.written(recipes)),
    "paprika": Format(".paprikarecipes", "application/zip", paprika.written),
    "json": Format(".json", "application/ld+json", lambda recipes, _: schema_org.written(recipes)),
}

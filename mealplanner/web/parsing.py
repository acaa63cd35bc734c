"""Read a form or a JSON body, and check it by a schema; either way the error is `Invalid`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from mealplanner.errors import Invalid

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL cannot store, and lone surrogates, which only JSON can carry."""


def submitted() -> Mapping[str, Any]:
    """Return what was sent as a form, in which a field may be repeated, or as a JSON object, in which it is a list.

    No body at all is an empty one, whatever its type is said to be.
    """
    try:
        body = request.get_json() if request.is_json and request.get_data() else request.form
        texts = list(_texts(body))
    except RecursionError:
        raise BadRequest("The JSON body is nested too deeply.") from None
    if not isinstance(body, dict):
        raise BadRequest("The JSON body must be an object.")
    if any(map(UNWRITABLE.search, texts)):
        raise BadRequest("It contains a character that is not text: NUL, or half of a surrogate pair.")
    return body


def parsed(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """Load `data` by `schema`. Raise `Invalid` with a message at each field that cannot be used."""
    try:
        values: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise Invalid({field: _flat(found) for field, found in messages.items()}) from None
    return values


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in what was sent, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, MultiDict):
        yield from _texts(list(value.items(multi=True)))
    elif isinstance(value, dict):
        yield from _texts(list(value.items()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _flat(found: Any) -> list[str]:
    """Return the messages of one field and of its items."""
    if isinstance(found, dict):
        return [message for part in found.values() for message in _flat(part)]
    return list(dict.fromkeys(found))

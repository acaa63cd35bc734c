"""Read a form or a JSON body, and check it by a schema; either way the error is `Invalid`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from mealplanner.errors import Invalid

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL cannot store, and lone surrogates, which only JSON can carry."""


FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")

NOT_JSON: Final = 'The body is not JSON. Send an object, such as {"version": 1}, in UTF-8.'
NO_KNOWN_TYPE: Final = "Send a form, or JSON with the header “Content-Type: application/json”."
JSON_AS_FORM: Final = (
    "The body looks like JSON, but was sent as a form. Add the header “Content-Type: application/json”."
)
NO_FORM: Final = "The body could not be read: its header “Content-Type: multipart/form-data” names no boundary."


def submitted() -> Mapping[str, Any]:
    """Return what was sent as a form, in which a field may be repeated, or as a JSON object, in which it is a list.

    No body at all is an empty one, whatever its type is said to be. Raise `BadRequest` for a body that cannot be read,
    and `UnsupportedMediaType` for one of another type: to ignore it would be to do something else than was asked for.
    """
    try:
        body = _json() if request.is_json else _form()
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
        messages: dict[str, Any] = error.normalized_messages()
        raise Invalid({field: _flat(found) for field, found in messages.items()}) from None
    return values


def _json() -> Any:
    if not request.get_data():
        return {}
    try:
        return request.get_json()
    except BadRequest:
        raise BadRequest(NOT_JSON) from None


def _form() -> MultiDict[str, str]:
    if request.mimetype not in FORMS:
        if request.get_data():
            raise UnsupportedMediaType(NO_KNOWN_TYPE)
        return MultiDict()
    if any(name.startswith(("{", "[")) for name in request.form):
        raise BadRequest(JSON_AS_FORM)
    if request.mimetype == "multipart/form-data" and "boundary" not in request.mimetype_params:
        raise BadRequest(NO_FORM)
    return request.form


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

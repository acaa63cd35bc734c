"""From a request to checked values: JSON bodies and forms, one kind of error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from mealplanner.errors import Invalid


def submitted() -> MultiDict[str, Any]:
    """What was sent, as a form or as a JSON object; a list in JSON is a repeated field."""
    if not request.is_json:
        return request.form
    body = request.get_json()
    if not isinstance(body, dict):
        raise BadRequest("The JSON body must be an object.")
    return MultiDict(body)


def parsed(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """Loads `data` by `schema`; raises `Invalid` with a message at each field that cannot be used."""
    try:
        values: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise Invalid({field: _flat(found) for field, found in messages.items()}) from None
    return values


def _flat(found: Any) -> list[str]:
    """The messages below one field, whose own items may have some each."""
    if isinstance(found, dict):
        return [message for part in found.values() for message in _flat(part)]
    return list(dict.fromkeys(found))

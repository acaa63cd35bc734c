"""Shapes of answers: schemas of which every field is there, written by hand or taken from the values they present."""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
import uuid
from collections.abc import Mapping
from typing import Any, Final, Literal

from marshmallow import Schema, fields, validate


def shape(name: str, /, **members: fields.Field[Any]) -> type[Schema]:
    """Return the schema called `name` of an object that has `members`."""
    for field in members.values():
        field.required = True
    made = Schema.from_dict(dict(members), name=name)
    made.is_answer = True  # type: ignore[attr-defined]  # tells it from the schemas of requests
    return made


def text(*known: str, maybe: bool = False) -> fields.String:
    """Return a field for a text, one of those `known` if there are any; with `maybe`, or null."""
    return fields.String(allow_none=maybe, validate=validate.OneOf(known) if known else None)


def texts() -> fields.List[Any]:
    return fields.List(fields.String())


def whole(*, maybe: bool = False) -> fields.Integer:
    return fields.Integer(allow_none=maybe)


def number(*, maybe: bool = False) -> fields.Float:
    return fields.Float(allow_none=maybe)


def flag() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False})


def id_(*, maybe: bool = False) -> fields.UUID:
    return fields.UUID(allow_none=maybe)


def date(*, maybe: bool = False) -> fields.Date:
    return fields.Date(allow_none=maybe)


def moment(*, maybe: bool = False) -> fields.DateTime:
    return fields.DateTime(allow_none=maybe)


def one(schema: type[Schema], *, maybe: bool = False) -> fields.Nested:
    return fields.Nested(schema, allow_none=maybe)


def many(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema))


def anything(*, maybe: bool = False) -> fields.Raw:
    return fields.Raw(allow_none=maybe)


def members_of(kind: Any, *without: str) -> dict[str, fields.Field[Any]]:
    """Return a field for each of a dataclass, as `dataclasses.asdict` and JSON write them."""
    hints = typing.get_type_hints(kind)
    return {field.name: _field(hints[field.name]) for field in dataclasses.fields(kind) if field.name not in without}


_PLAIN: Final[Mapping[Any, type[fields.Field[Any]]]] = {
    str: fields.String,
    int: fields.Integer,
    float: fields.Float,
    uuid.UUID: fields.UUID,
    datetime.date: fields.Date,
    datetime.datetime: fields.DateTime,
}


def _field(hint: Any) -> fields.Field[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is bool:
        return flag()
    if hint in _PLAIN:
        return _PLAIN[hint]()
    if origin in (types.UnionType, typing.Union):
        found = _field(next(argument for argument in arguments if argument is not types.NoneType))
        found.allow_none = True
        return found
    if origin is Literal:
        return text(*arguments)
    if dataclasses.is_dataclass(hint):
        return one(shape(getattr(hint, "__name__", ""), **members_of(hint)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return fields.Dict(keys=_field(arguments[0]), values=_field(arguments[1]))
    return fields.List(_field(arguments[0]))

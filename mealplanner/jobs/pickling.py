"""What travels between a worker and the processes that compute for it."""

from __future__ import annotations

import io
import pickle  # only between a worker and its own children  # nosec B403
from types import MappingProxyType
from typing import Any


def dumps(value: object) -> bytes:
    """Return `value` as bytes, also where there are read-only mappings and errors in it."""
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def loads(data: bytes) -> Any:
    """Return what `dumps` was given."""
    return pickle.loads(data)  # nosec B301


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return _read_only, (dict(value),)
        if isinstance(value, BaseException):
            return _error, (type(value), value.args, value.__dict__)
        return NotImplemented


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _error(kind: type[BaseException], arguments: tuple[Any, ...], attributes: dict[str, Any]) -> BaseException:
    """Make an error as it was; pickle itself calls its `__init__`, which may take other arguments."""
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(attributes)
    return error

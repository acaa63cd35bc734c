"""What fields take beside what their type says, for the description of requests: an addition to apispec's own rules."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import Schema, fields

from mealplanner.fields import Decimal, Time, Whole, Words
from mealplanner.menu.schemas import FirstDay
from mealplanner.preferences.schemas import Measure
from mealplanner.presentation.formatting import UNSEEN

_WHOLE: Final = r"\s*-?[0-9](?:[0-9,.'\s\u2019]*[0-9])?\s*"
_DECIMAL: Final = r"\s*-?[0-9]+(?:[.,][0-9]+)?\s*"
_TIME: Final = r"\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\s*"
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_UUID: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NOTHING: Final = rf"^[\s{UNSEEN.pattern[1:-1]}]*$".replace("\x00", "\x01")
"""What counts as blank in a list of texts; NUL is no text."""
_LIMITS: Final = ("minimum", "maximum", "default")


def lenient(_converter: Any, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a field of a request in place of `ret`, the one by its type."""
    found = _lenient(field, dict(ret))
    ret.clear()
    return found


def _lenient(field: fields.Field[Any], plain: dict[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {name: plain[name] for name in _LIMITS if name in plain}
    null = ["null"] if field.allow_none else []
    if isinstance(field, Whole):
        plain = {"type": ["integer", "string", *null], "pattern": f"^{_WHOLE}$", **limits}
    elif isinstance(field, Decimal | Measure) or type(field) is fields.Decimal:
        pattern = {} if isinstance(field, Measure) else {"pattern": f"^{_DECIMAL}$"}
        plain = {"type": ["number", "string", *null], **pattern, **limits}
    elif isinstance(field, Time):
        plain = {"type": ["string", *null], "pattern": f"^{_TIME}$"}
    elif isinstance(field, FirstDay):
        plain = {"type": "string", "pattern": f"^(?:next|{_DATE})$"}
    elif type(field) is fields.Boolean and field.truthy != {True}:
        words = sorted(word for word in field.truthy | field.falsy if isinstance(word, str))
        nothing = [None] if field.allow_none else []
        plain = {"enum": [True, False, *words, 1, 0, *nothing], **limits}  # to JSON, unlike to Python, true is not 1
    elif isinstance(field, fields.Date):
        plain = {name: value for name, value in plain.items() if not name.startswith("x-")}
    elif isinstance(field, fields.Dict) and field.key_field is not None:
        known = [choice for check in field.key_field.validators for choice in getattr(check, "choices", ())]
        plain |= {"propertyNames": {"enum": known}} if known else {}
    elif isinstance(field, Words):
        plain["items"] = {"anyOf": [plain["items"], {"type": "string", "pattern": _NOTHING}]}
    return _or_blank(plain) if _blank_counts_as_left_out(field, plain) else plain


def _or_blank(plain: dict[str, Any]) -> dict[str, Any]:
    """Return the description that an empty text fits too; in one piece, so that programs can tell what does not."""
    if "enum" in plain:
        return plain | {"enum": [*plain["enum"], ""]}
    known = {"date": f"^{_DATE}$", "uuid": f"^{_UUID}$"}
    pattern = plain.get("pattern") or known.get(str(plain.pop("format", None)))
    return plain | {"pattern": f"^(?:{pattern[1:-1]})?$"} if pattern else {"anyOf": [plain, {"const": ""}]}


def _blank_counts_as_left_out(field: fields.Field[Any], plain: dict[str, Any]) -> bool:
    """Return whether an empty text is taken although the description does not say so."""
    schema = field.parent
    if not isinstance(schema, Schema) or _takes_any_text(plain):
        return False
    name = str(field.data_key or field.name)
    return name not in schema.validate({name: ""})


def _takes_any_text(plain: dict[str, Any]) -> bool:
    narrow = {"enum", "format", "pattern", "minLength", "anyOf", "const"}
    return "string" in re.findall(r"\w+", str(plain.get("type", ""))) and not narrow & set(plain)

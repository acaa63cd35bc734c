"""The OpenAPI document, made of the routes, the scopes of tokens and the table of operations."""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema
from werkzeug.routing import AnyConverter, Map, Rule, UUIDConverter

from mealplanner.openapi.leniency import lenient
from mealplanner.openapi.notes import NOTES
from mealplanner.openapi.operations import FILES, OPERATIONS, PART_OF_PREFERENCES, Operation
from mealplanner.recipe_files.formats import FORMATS
from mealplanner.tokens.scopes import WORDS, Scope, rule_of

ERRORS: Final[Mapping[int, str]] = {
    400: "The request cannot be read.",
    401: "The token is missing, unknown, expired or ended.",
    403: "The token lacks the scope that this needs.",
    404: "There is no such thing, or it belongs to another person.",
    409: "It contradicts what is stored, such as a later change.",
    413: "The body is longer than 256 kB.",
    415: "The body is neither a form nor JSON.",
    422: "It cannot be used; `errors` says why, field by field.",
    429: "The same was tried too often.",
    503: "The service cannot answer now.",
}
"""Status -> when it is the answer; the details are a problem (RFC 9457)."""

_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "object",
            "description": "Field -> what was expected there.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "scope": {"type": "string", "enum": list(Scope), "description": "What the token lacks."},
    },
}
_DESCRIPTION: Final = (
    "Send a token, made at /auth/account/tokens, as `Authorization: Bearer`. What a body may hold besides the "
    "properties named here is ignored."
)


def document(url_map: Map, views: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """Return the document of every route that a token opens; the first line of a view's docstring is its summary."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of_answer)
    spec = APISpec(
        title="mealplanner",
        version="1",
        openapi_version="3.1.0",
        info={"description": _DESCRIPTION},
        tags=[{"name": scope, "description": words} for scope, words in WORDS.items()],
        plugins=[plugin],
    )
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(lenient)
    bearer = {"type": "http", "scheme": "bearer", "description": "An API token."}
    spec.components.security_scheme("token", bearer)
    spec.components.schema("Problem", _PROBLEM)
    for status, words in ERRORS.items():
        spec.components.response(f"Status{status}", _problem(status, words))
    for rule in url_map.iter_rules():
        scope = rule_of(rule.endpoint)
        if isinstance(scope, Scope):
            described = _described(rule, scope, views[rule.endpoint].__doc__ or "", plugin)
            spec.path(path=_template(rule), operations=described)
    plain: dict[str, Any] = json.loads(json.dumps(spec.to_dict(), default=_plain))
    return plain


def _plain(value: object) -> object:
    """Return a limit of a field as JSON has it."""
    return float(value) if isinstance(value, decimal.Decimal) else str(value)


def _name_of_answer(schema: Any) -> str:
    """Return the name of a shape of answers; requests are described where they are sent."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__ if getattr(kind, "is_answer", False) else ""


def _described(rule: Rule, scope: Scope, summary: str, plugin: MarshmallowPlugin) -> dict[str, Any]:
    operation, method = operation_of(rule), "post" if "POST" in (rule.methods or ()) else "get"
    found: dict[str, Any] = {
        "operationId": rule.endpoint + "".join(f".{name}" for name in _path_names(rule) if name == "part"),
        "summary": summary.partition("\n")[0],
        **({"description": NOTES[rule.endpoint]} if rule.endpoint in NOTES else {}),
        "tags": [scope],
        "security": [{"token": []}],
        "x-scope": scope,
        "parameters": [_path_parameter(name, rule) for name in _path_names(rule)],
        "responses": _responses(operation, rule),
    }
    for query in operation.query:
        found["parameters"] += plugin.converter.schema2parameters(query(), location="query")  # type: ignore[union-attr]
    if operation.body:
        found["requestBody"] = _body(operation.body, plugin)
    return {method: found}


def operation_of(rule: Rule) -> Operation:
    """Return what a route takes and answers."""
    if rule.endpoint == "preferences.save" and "part" in _path_names(rule):
        return PART_OF_PREFERENCES
    return OPERATIONS[rule.endpoint]


def _body(schemas: Iterable[type[Schema]], plugin: MarshmallowPlugin) -> dict[str, Any]:
    whole: dict[str, Any] = {"type": "object", "properties": {}}
    required: list[str] = []
    for schema in schemas:
        described = plugin.converter.schema2jsonschema(schema())  # type: ignore[union-attr]
        whole["properties"] |= described.get("properties", {})
        required += described.get("required", [])
    whole |= {"required": required} if required else {}
    return {"required": bool(required), "content": {"application/json": {"schema": whole}}}


def _responses(operation: Operation, rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {"200": _answer(operation)}
    if operation.leads_to is not None:
        location = {"Location": {"required": True, "schema": {"type": "string"}}}
        found["303"] = {"description": f"It is at another address ({operation.leads_to}).", "headers": location}
    statuses = {400, 401, 403, 404, 422, 429, 503}
    statuses |= {409} if operation.conflicts else set()
    statuses |= {413, 415} if "POST" in (rule.methods or ()) else set()
    return {**found, **{str(status): f"Status{status}" for status in sorted(statuses)}}


def _answer(operation: Operation) -> dict[str, Any]:
    words = "For a client that follows the redirect, what it leads to." if operation.always_leads else "Done."
    if isinstance(operation.answer, str):
        kinds = {kind.mimetype for kind in FORMATS.values()} if operation.answer == FILES else {operation.answer}
        content: dict[str, Any] = {kind: {} for kind in sorted(kinds)}
        if operation.leads_to:
            content["application/json"] = {"schema": OPERATIONS[operation.leads_to].answer}
        return {"description": words, "content": content}
    shapes = [operation.answer]
    if operation.leads_to and (there := OPERATIONS[operation.leads_to].answer) is not operation.answer:
        assert not isinstance(there, str)
        shapes.append(there)
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problem(status: int, words: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        found["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return found


def _path_names(rule: Rule) -> list[str]:
    return sorted(rule.arguments - set(rule.defaults or {}))


def _path_parameter(name: str, rule: Rule) -> dict[str, Any]:
    converter = rule._converters[name]
    kind: dict[str, Any] = {"type": "string"}
    if isinstance(converter, UUIDConverter):
        kind["format"] = "uuid"
    elif isinstance(converter, AnyConverter):
        kind["enum"] = sorted(converter.items)
    return {"name": name, "in": "path", "required": True, "schema": kind}


def _template(rule: Rule) -> str:
    return re.sub(r"<(?:[^<>:]+:)?([^<>:]+)>", r"{\1}", rule.rule)

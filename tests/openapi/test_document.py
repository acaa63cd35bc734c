"""The description of the site says all that is so, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from mealplanner import create_app
from mealplanner.config import Config
from mealplanner.openapi.operations import OPERATIONS
from mealplanner.storage.database import Database
from mealplanner.tokens.scopes import RULES, Closed, Open, Scope
from tests.openapi.conftest import Document
from tests.personal_data.everything import live
from tests.post import Post
from tests.tokens.conftest import Program, made
from tests.visitor import Visitor


def test_every_route_is_described_or_has_a_reason_not_to_be(app: Flask, document: Document) -> None:
    """A route that no token opens is left out: it is for people, or needs no account."""
    described = {(path, method) for path, operations in document["paths"].items() for method in operations}
    served = {
        (re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if not isinstance(RULES[rule.endpoint], Closed | Open)
    }
    assert described == served
    assert set(OPERATIONS) == {name for name, rule in RULES.items() if isinstance(rule, Scope)}


def test_it_names_the_scope_of_every_route(document: Document) -> None:
    scopes = {
        operation["operationId"].removesuffix(".part"): operation["x-scope"]
        for operations in document["paths"].values()
        for operation in operations.values()
    }
    assert scopes == {name: rule for name, rule in RULES.items() if isinstance(rule, Scope)}


def test_it_is_openapi(document: Document) -> None:
    """By the schema of JSON, and by references that lead somewhere."""
    assert document["openapi"].startswith("3.1.")
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.validator_for({**schema, "components": document["components"]})
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))
    assert all(operation["summary"].endswith(".") for ops in document["paths"].values() for operation in ops.values())


def test_yes_or_no_may_be_true_or_false(document: Document) -> None:
    """Python takes true for 1, and JSON does not."""
    body = document["paths"]["/larder/settings"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    for sent in (True, False, "yes", "no"):
        assert jsonschema_rs.is_valid(body, {"fill": sent}), sent
    assert not jsonschema_rs.is_valid(body, {"fill": "perhaps"})


def closed(schema: Any) -> Any:
    """Return a schema that refuses what it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if "properties" in found and "required" in found:
        found["additionalProperties"] = False
    return found


def readable(document: Document, known: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Return the address of every route for reading JSON, and the schema of its answer."""
    for path, operations in document["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if set(content) == {"application/json"}:
            yield re.sub(r"\{(\w+)\}", lambda name: known[name[1]], path), content["application/json"]["schema"]


def test_every_answer_has_all_that_is_described_and_no_more(
    visitor: Visitor, database: Database, post: Post, document: Document
) -> None:
    """Of a person who has used every feature."""
    live(visitor, database, post)
    program = Program(visitor.app, made(visitor, name="reader"))
    ids = {menu["status"]: menu["id"] for menu in program.get("/menu/").get_json()["menus"]}
    meal = program.get(f"/menu/{ids['ready']}").get_json()["days"][0]["meals"][0]
    known = {"menu_id": ids["ready"], "meal_id": meal["id"], "recipe_id": meal["recipe"]["id"], "part": "food"}
    components = closed(document["components"])
    found: dict[str, list[str]] = {}
    for address, schema in readable(document, known):
        if address.endswith("/rebalance"):  # which was asked for the other menu
            address = f"/menu/{ids['queued']}/rebalance"
        days = "?from=2026-11-23&to=2026-11-24" if address.startswith("/shopping/") else ""
        answer = program.get(address + days)
        assert answer.status_code == 200, (address, answer.text)
        validator = jsonschema_rs.validator_for({**schema, "components": components}, validate_formats=True)
        errors = [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(answer.get_json())]
        found[address] = errors
    assert len(found) > 25
    assert not {address: errors for address, errors in found.items() if errors}


@pytest.mark.parametrize("path", ["/menu/", "/shopping/", "/preferences"])
def test_a_problem_is_as_described(visitor: Visitor, document: Document, path: str) -> None:
    schema = {**document["components"]["schemas"]["Problem"]}
    answer = Program(visitor.app, "mp_wrong").get(path)
    jsonschema_rs.validator_for(schema).validate(answer.get_json())


def test_it_names_the_address_that_the_site_is_mounted_at(config: Config, database: Database) -> None:
    app = create_app(replace(config, base_url="https://example.org/meals"), database)
    answer = app.test_client().get("/meals/openapi.json", base_url="https://example.org")
    assert answer.get_json()["servers"] == [{"url": "/meals"}]

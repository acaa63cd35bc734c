"""What tokens open: the table, and that requests are held to it."""

from __future__ import annotations

import inspect
import uuid

from flask import Flask, url_for

from mealplanner.tokens.scopes import RULES, Closed, Open, Scope, rule_of
from tests.tokens.conftest import Program, made
from tests.visitor import Visitor

SAFE_WITHOUT_ACCOUNT = {"calendar.follow", "offline.manifest", "offline.worker", "openapi.document", "static"} | {
    *("health.healthz", "health.metrics", "health.readyz", "shared_lists.show", "shared_lists.tick")
}


def test_every_route_has_one_rule(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(RULES)


def test_a_route_that_is_not_listed_is_closed() -> None:
    assert rule_of("vault.open") is Closed.SAFETY


def test_what_concerns_the_safety_of_an_account_is_closed(app: Flask) -> None:
    rooms = ("mealplanner.auth.", "mealplanner.personal_data.", "mealplanner.tokens.", "mealplanner.admin.")
    settings = {"account.index", "account.save_settings"}
    concerned = {name for name, view in app.view_functions.items() if inspect.unwrap(view).__module__.startswith(rooms)}
    assert {name for name, rule in RULES.items() if rule is Closed.SAFETY} == concerned - settings


def test_reading_needs_no_scope_that_writes_menus(app: Flask) -> None:
    """And nothing that is only for reading changes anything."""
    writing = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert not writing & {name for name, rule in RULES.items() if rule is Scope.READ_MENUS}
    assert {name for name, rule in RULES.items() if rule is Scope.WRITE_MENUS} <= writing


def test_only_what_needs_no_account_is_open() -> None:
    assert {name for name, rule in RULES.items() if isinstance(rule, Open)} == SAFE_WITHOUT_ACCOUNT


def address(app: Flask, endpoint: str) -> tuple[str, str]:
    """Return the method and an address of an endpoint."""
    rule = next(app.url_map.iter_rules(endpoint))
    with app.test_request_context():
        values = {name: "food" if name == "part" else str(uuid.uuid4()) for name in rule.arguments}
        return ("POST" if "POST" in (rule.methods or ()) else "GET"), url_for(endpoint, **values)


def test_every_route_asks_for_its_scope_and_no_other(person: Visitor) -> None:
    """A token for everything else is refused with the name of what is missing; a token for this is not."""
    one = {scope: Program(person.app, made(person, scope, name=scope)) for scope in Scope}
    others = {scope: Program(person.app, made(person, *set(Scope) - {scope}, name=f"not {scope}")) for scope in Scope}
    for endpoint, rule in RULES.items():
        if isinstance(rule, Open):
            continue
        method, path = address(person.app, endpoint)
        tried = one.values() if isinstance(rule, Closed) else [others[rule]]
        for program in tried:
            answer = program.get(path) if method == "GET" else program.post(path)
            assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), endpoint
            wanted = rule.value if isinstance(rule, Closed) else rule
            assert wanted in answer.get_json()["detail"], endpoint
            assert answer.get_json().get("scope") == (None if isinstance(rule, Closed) else rule)
        if isinstance(rule, Scope) and method == "GET":
            assert one[rule].get(path).status_code not in (401, 403, 500), endpoint

"""Every form and every JSON endpoint, with anything that its schema describes, and with what it does not.

Nothing that is sent is a 500, and nothing that is accepted is refused by a later step.
"""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.routing import Rule

import mealplanner
from mealplanner.food.catalogue import load_catalogue
from mealplanner.menu.generation.plan_request import plan_request
from mealplanner.menu.schemas import MenuRequestSchema
from mealplanner.planner.plan import NothingFits, plan
from mealplanner.preferences.schemas import PreferencesSchema
from tests.visitor import Visitor
from tests.web.every_address import posts

QUICK = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ODD = st.sampled_from(
    [
        *("", " ", "1,800", "1e3", "-1", "9" * 40, "NaN", "null", "08:00\n", "2026-11-23\n", "a;b;c;d", "<script>"),
        *("\u0660\u0668:\u0660\u0660", "\u0661\u0668\u0660\u0660", "\u202eolives", "\u0130@example.org"),
    ]
)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.booleans()
LEAVES = st.none() | NUMBERS | TEXT | ODD
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))


def schemas() -> Iterator[type[Schema]]:
    """Return every schema of input."""
    for module in pkgutil.walk_packages(mealplanner.__path__, "mealplanner."):
        if module.name.endswith(".schemas") and not module.name.startswith("mealplanner.llm"):
            for kind in vars(importlib.import_module(module.name)).values():
                if isinstance(kind, type) and issubclass(kind, Schema) and kind().fields:
                    yield kind


SCHEMAS = sorted(set(schemas()), key=lambda schema: schema.__name__)
NAMES = sorted({name for schema in SCHEMAS for name in schema().fields} | {"meals", "time_lunch", "next", "kept"})


def rightly(field: Any) -> st.SearchStrategy[Any]:
    """Draw what `field` asks for, at its limits too."""
    limits = [check for check in field.validators if isinstance(check, validate.Range)]
    if isinstance(field, fields.Dict):
        keys = st.sampled_from(["breakfast", "lunch", "dinner"])
        return st.dictionaries(keys, st.times().map(lambda time: f"{time:%H:%M}"), min_size=1)
    if isinstance(field, fields.List):
        return st.lists(rightly(field.inner), max_size=4)
    if isinstance(field, fields.Date):
        return st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)).map(str)
    if isinstance(field, fields.Integer | fields.Float) and limits:
        least, most = limits[0].min, limits[0].max
        return st.sampled_from([least, most]) | st.integers(int(least + 0.9), int(most))
    if isinstance(field, fields.UUID):
        return st.uuids(version=4).map(str)
    choices = [check.choices for check in field.validators if isinstance(check, validate.OneOf)]
    return st.sampled_from(list(choices[0])) if choices else TEXT | ODD


def sendings(schema: type[Schema]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw forms for `schema`: most fields as it wants them, some with anything, some left out."""
    each = {name: rightly(field) | JSON for name, field in schema().fields.items()}
    return st.fixed_dictionaries({}, optional=each)


@st.composite
def preferences(draw: st.DrawFn) -> dict[str, Any]:
    """Draw preferences, most of which can be accepted: the shares sum to 100."""
    sent = {name: draw(rightly(field)) for name, field in PreferencesSchema().fields.items()}
    protein = draw(st.integers(0, 100))
    carbohydrate = draw(st.integers(0, 100 - protein))
    shares = {"macro_protein": protein, "macro_carbs": carbohydrate, "macro_fat": 100 - protein - carbohydrate}
    odd = draw(st.dictionaries(st.sampled_from(sorted(sent)), JSON, max_size=1))
    return {**sent, **shares, **odd}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.__name__)
@QUICK
@given(data=st.data())
def test_a_schema_takes_a_value_or_says_what_it_expected(schema: type[Schema], data: st.DataObject) -> None:
    with suppress(ValidationError):
        schema().load(data.draw(sendings(schema)))


RIGHT = st.one_of([sendings(schema) for schema in SCHEMAS]) | preferences() | sendings(MenuRequestSchema)


def signed_in_addresses(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Return every address that takes a form, without those that end the session."""
    return (found for found in posts(app) if found[1].endpoint != "auth.logout")


@settings(QUICK, max_examples=20)
@given(body=RIGHT | st.dictionaries(st.sampled_from(NAMES) | TEXT, JSON, max_size=6) | JSON)
def test_no_json_is_a_500(app: Flask, person: Visitor, body: Any) -> None:
    token = {"X-CSRFToken": person.token()}
    for path, rule in signed_in_addresses(app):
        answer = person.client.post(path, json=body, headers=token)
        assert answer.status_code < 500, rule.endpoint


@settings(QUICK, max_examples=12)
@given(form=st.dictionaries(st.sampled_from(NAMES) | TEXT, st.lists(TEXT | ODD, max_size=3) | TEXT | ODD, max_size=12))
def test_no_form_is_a_500(app: Flask, person: Visitor, form: dict[str, Any]) -> None:
    token = {"X-CSRFToken": person.token()}
    for path, rule in signed_in_addresses(app):
        answer = person.client.post(path, data=form, headers=token)
        assert answer.status_code < 500, rule.endpoint
        assert "<script>" not in answer.text


@settings(QUICK, max_examples=10)
@given(query=st.dictionaries(st.sampled_from(NAMES), TEXT | ODD, max_size=3))
def test_no_query_is_a_500(app: Flask, person: Visitor, query: dict[str, str]) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            assert person.client.get(rule.rule, query_string=query).status_code < 500, rule.endpoint


@settings(QUICK, max_examples=25)
@given(sent=preferences())
def test_accepted_preferences_can_be_planned(sent: dict[str, Any]) -> None:
    try:
        accepted = PreferencesSchema().load(sent)["preferences"]
    except ValidationError:
        return
    catalogue = load_catalogue()
    request = plan_request(accepted, catalogue.foods, days=1, seed=1, recent={}, ratings={})
    with suppress(NothingFits):  # the menu then says what to relax
        assert len(plan(request, catalogue.recipes, catalogue.foods).days) == 1


@QUICK
@given(sent=preferences())
def test_accepted_preferences_are_read_back_as_they_were_accepted(person: Visitor, sent: dict[str, Any]) -> None:
    token = {"X-CSRFToken": person.token()}
    version = person.get("/preferences", json=True).get_json()["version"]
    answer = person.client.post("/preferences", json={**sent, "version": version}, headers=token)
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        assert answer.get_json() == person.get("/preferences", json=True).get_json()
        assert PreferencesSchema().load(answer.get_json())
        assert person.get("/preferences").status_code == 200
